import {
  type Chain,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Map as MapState,
  Pass,
  type StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { GlueStartJobRun } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import {
  countStatement,
  deleteStatement,
  expireStatement,
  recountStatement,
  rewriteStatement,
  tableErasureWorkflow,
} from '../../core/dsr/erasure-workflow.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';

export interface TableErasureMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
  /** Name of the Glue job that writes a table's manifests anew. Default: `rewrite-manifests`. */
  readonly manifestJob?: string;
}

/**
 * What a batch needs done to the one table that its input names, under that table's turn alone and only for as long as its
 * statements run: silver, maintenance and other batches go on with all other tables.
 */
export class TableErasureMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: TableErasureMachineProps;

  constructor(scope: Construct, id: string, props: TableErasureMachineProps) {
    super(scope, id);
    this.#props = props;
    const { tasks, dsrTasks, pipeline, manifestJob = 'rewrite-manifests' } = props;
    const workflow = tableErasureWorkflow(pipeline);
    const ofBatch = { run: JsonPath.executionName, batch: JsonPath.stringAt('$.batch') };
    const join = dsrTasks.invoke(this, 'Join the round', 'dsr/join-round', {
      ...ofBatch,
      batch: JsonPath.stringAt('$.request.batch'),
    });
    const inventory = dsrTasks.invoke(this, 'Record the inventory', 'dsr/record-inventory', {
      ...ofBatch,
      table: JsonPath.stringAt('$.table'),
      statement: JsonPath.stringAt('$.statement.id'),
    });
    const verify = dsrTasks.invoke(this, 'Verify the deletion', 'dsr/verify-deletion', {
      pipeline: pipeline.name,
      batch: ofBatch.batch,
      table: JsonPath.stringAt('$.table'),
      window: JsonPath.objectAt('$.window'),
      rows: JsonPath.objectAt('$.statement.rows'),
    });
    const manifests = new GlueStartJobRun(this, 'Rewrite the manifests', {
      glueJobName: manifestJob,
      integrationPattern: IntegrationPattern.RUN_JOB,
      arguments: TaskInput.fromObject({ '--table': JsonPath.stringAt('$.table') }),
      resultPath: JsonPath.DISCARD,
    });
    const work = [
      this.#each('to count', 'counts', this.#statement('Find', countStatement, inventory)),
      this.#each('to delete from', 'deletions', this.#last('Run', deleteStatement, 'Rows deleted')),
      this.#each('to verify', 'deletions', this.#statement('Find', recountStatement, verify)),
      this.#each('to rewrite', 'rewrites', this.#last('Run', rewriteStatement, 'Files rewritten')),
      this.#each('to expire', 'expiries', this.#last('Run', expireStatement, 'Snapshots expired')),
      this.#each('whose manifests to rewrite', 'manifests', manifests),
    ];
    const [first, ...later] = work;
    if (first !== undefined) later.reduce<Chain>((before, state) => before.next(state), join.next(first));
    this.stateMachine = runOf(this, { tasks, pipeline, workflow }, join, workflow.sentence);
  }

  #each(what: string, list: string, first: IChainable): MapState {
    return new MapState(this, `For each window ${what}`, {
      itemsPath: `$.request.${list}`,
      itemSelector: {
        batch: JsonPath.stringAt('$.request.batch'),
        table: JsonPath.stringAt('$.request.table'),
        window: JsonPath.objectAt('$$.Map.Item.Value'),
      },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(first);
  }

  #last(verb: string, statement: string, then: string): IChainable {
    return this.#statement(verb, statement, new Pass(this, then));
  }

  #statement(verb: string, statement: string, next: IChainable): IChainable {
    const { tasks, pipeline } = this.#props;
    const { name: workflow } = tableErasureWorkflow(pipeline);
    const paths = { tablePath: '$.table', batchPath: '$.batch' };
    return statementStates(this, { tasks, pipeline: pipeline.name, workflow, statement, verb, next, ...paths });
  }
}

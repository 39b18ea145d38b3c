import { type IChainable, JsonPath, Map as MapState, Pass, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import {
  dropStatement,
  expireStatement,
  rewriteStatement,
  tableMaintenanceWorkflow,
} from '../../core/maintenance/maintenance-workflow.ts';
import { measureStatement } from '../../core/maintenance/measure.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf, runPayload } from '../lake/workflow-machine.ts';

export interface TableMaintenanceMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
}

/** Takes care of the one table that its input names, under that table's turn alone: an erasure of other tables need not wait. */
export class TableMaintenanceMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: TableMaintenanceMachineProps;

  constructor(scope: Construct, id: string, props: TableMaintenanceMachineProps) {
    super(scope, id);
    this.#props = props;
    const { tasks, pipeline } = props;
    const workflow = tableMaintenanceWorkflow(pipeline);
    const names = { tasks, pipeline, workflow };
    const record = tasks.invoke(this, 'Record the care', 'maintenance/record-care', {
      ...runPayload(names),
      rows: JsonPath.objectAt('$.statement.rows'),
    });
    const measure = this.#statement(measureStatement, '$.request', record);
    const drop = this.#each('For each span to drop', '$.request.drops', dropStatement, 'Days dropped');
    const rewrite = this.#each('For each span to rewrite', '$.request.rewrites', rewriteStatement, 'Files joined');
    const expire = this.#each('For each expiry', '$.request.expiries', expireStatement, 'Snapshots expired');
    // What is promised comes before what is good to have. What a rewrite replaces is too young to go with it in any case.
    const work = drop.next(expire).next(rewrite).next(measure).startState;
    this.stateMachine = runOf(this, names, work, workflow.sentence);
  }

  #each(state: string, itemsPath: string, statement: string, done: string): MapState {
    return new MapState(this, state, {
      itemsPath,
      itemSelector: {
        table: JsonPath.stringAt('$.request.table'),
        window: JsonPath.objectAt('$$.Map.Item.Value'),
      },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(this.#statement(statement, '$', new Pass(this, done)));
  }

  #statement(statement: string, at: string, next: IChainable): ReturnType<typeof statementStates> {
    const { tasks, pipeline } = this.#props;
    return statementStates(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: tableMaintenanceWorkflow(pipeline).name,
      statement,
      verb: 'Run',
      tablePath: `${at}.table`,
      windowPath: `${at}.window`,
      next,
    });
  }
}

import {
  Choice,
  Condition,
  type IChainable,
  JsonPath,
  Map as MapState,
  Pass,
  type State,
  type StateMachine,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import {
  countStatement,
  deleteStatement,
  erasureWorkflow,
  expireStatement,
  recountStatement,
  rewriteStatement,
} from '../../core/dsr/erasure-workflow.ts';
import { baseTables } from '../../core/dsr/targets.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';

export interface DsrMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
}

/**
 * Erases the people who asked for it: each run opens a batch of what is pending and takes every batch whose wait is over one
 * stage further. Nothing waits inside a run, so that one that died is simply run again.
 */
export class DsrMachine extends Construct {
  readonly stateMachine: StateMachine;
  readonly #props: DsrMachineProps;

  constructor(scope: Construct, id: string, props: DsrMachineProps) {
    super(scope, id);
    this.#props = props;
    const { dsrTasks, tasks, pipeline } = props;
    const workflow = erasureWorkflow(pipeline);
    const plan = dsrTasks.invoke(this, 'Open a batch', 'dsr/plan-batches', this.#names, '$.open');
    const each = new MapState(this, 'For each batch', {
      itemsPath: '$.open.batches',
      itemSelector: {
        batch: JsonPath.stringAt('$$.Map.Item.Value.batch'),
        step: JsonPath.stringAt('$$.Map.Item.Value.step'),
      },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(this.#step());
    const work = plan.next(each).startState;
    this.stateMachine = runOf(this, { tasks, pipeline, workflow }, work, workflow.sentence);
  }

  get #names() {
    return { run: JsonPath.executionName, pipeline: this.#props.pipeline.name };
  }

  get #ofBatch() {
    return { ...this.#names, batch: JsonPath.stringAt('$.batch') };
  }

  /** One batch, one stage further. */
  #step(): IChainable {
    const { dsrTasks } = this.#props;
    const done = new Pass(this, 'Wait for the next run');
    const close = dsrTasks.invoke(this, 'Close the batch', 'dsr/close-batch', this.#ofBatch);
    const step = (is: string) => Condition.stringEquals('$.step', is);
    const ended = new Choice(this, 'Anything to wait for?')
      .when(Condition.stringEquals('$.reached.next', 'close'), close)
      .otherwise(done);
    return new Choice(this, 'Which stage is next?')
      .when(step('erase'), this.#erase(ended))
      .when(step('prove'), this.#prove(ended))
      .otherwise(close);
  }

  /** Counted, deleted, counted again, built again, rewritten. */
  #erase(ended: IChainable): IChainable {
    const { dsrTasks } = this.#props;
    const find = dsrTasks.invoke(this, 'Plan the inventory', 'dsr/plan-inventory', this.#ofBatch, '$.inventory');
    const inventory = dsrTasks.invoke(this, 'Record the inventory', 'dsr/record-inventory', {
      ...this.#ofBatch,
      table: JsonPath.stringAt('$.table'),
      statement: JsonPath.stringAt('$.statement.id'),
    });
    const plan = dsrTasks.invoke(this, 'Plan the erasure', 'dsr/plan-erasure', this.#ofBatch, '$.plan');
    const verify = dsrTasks.invoke(this, 'Verify the deletion', 'dsr/verify-deletion', {
      ...this.#ofBatch,
      table: JsonPath.stringAt('$.table'),
      window: JsonPath.objectAt('$.window'),
      rows: JsonPath.objectAt('$.statement.rows'),
    });
    const record = dsrTasks.invoke(this, 'Record the erasure', 'dsr/record-erased', this.#ofBatch, '$.reached');
    const count = this.#eachTable('to count', '$.inventory.base', this.#statement('Find', countStatement, inventory));
    const work = [
      this.#eachTable('to delete from', '$.plan.deletions', this.#last('Run', deleteStatement, 'Rows deleted')),
      this.#eachTable('to verify', '$.plan.deletions', this.#statement('Find', recountStatement, verify)),
      ...this.#props.pipeline.workflows.flatMap((workflow) => this.#rebuild(workflow)),
      ...this.#statuses(),
      this.#eachTable('to rewrite', '$.plan.rewrites', this.#last('Run', rewriteStatement, 'Files rewritten')),
    ];
    const chain = work.reduce((before, stage) => before.next(stage), find.next(count).next(plan));
    return chain.next(record).next(ended);
  }

  /** The old files let go, and their absence proven. */
  #prove(ended: IChainable): IChainable {
    const { dsrTasks } = this.#props;
    const plan = dsrTasks.invoke(this, 'Plan the expiry', 'dsr/plan-inventory', this.#ofBatch, '$.inventory');
    const expire = this.#eachTable(
      'to expire',
      '$.inventory.all',
      this.#last('Run', expireStatement, 'Snapshots expired'),
    );
    const prove = dsrTasks.invoke(this, 'Prove the erasure', 'dsr/prove-erasure', this.#ofBatch, '$.reached');
    return plan.next(expire).next(prove).next(ended);
  }

  /** What a workflow makes from the cleaned facts, made again; the facts themselves stay, since sources may hold later records. */
  #rebuild(workflow: Workflow): MapState[] {
    const { tasks, dsrTasks, pipeline } = this.#props;
    if (workflow.upstream.kind !== 'sources') return [];
    const { name } = workflow;
    const record = dsrTasks.invoke(this, `Record the pass of ${name}`, 'dsr/record-rebuild', {
      ...this.#names,
      workflow: name,
      window: JsonPath.objectAt('$.window'),
    });
    const base = new Set(baseTables(pipeline).map(({ table }) => table.name));
    const statements = [
      ...workflow.steps
        .filter(({ table }) => !base.has(table.name))
        .map(({ statement }) => ({ verb: 'Build', statement })),
      ...workflow.checks
        .filter(({ readsSources }) => readsSources !== true)
        .map(({ statement }) => ({ verb: 'Check', statement })),
    ];
    const props = { tasks, pipeline: pipeline.name, workflow: name };
    const first = statements.reduceRight<State>(
      (next, { verb, statement }) => statementStates(this, { ...props, statement, verb, next }),
      record,
    );
    return [
      new MapState(this, `For each pass of ${name}`, {
        itemsPath: `$.plan.rebuilds['${name}']`,
        itemSelector: { window: JsonPath.objectAt('$$.Map.Item.Value') },
        maxConcurrency: 1,
        resultPath: JsonPath.DISCARD,
      }).itemProcessor(first),
    ];
  }

  /** What dashboards are told: the periods of the affected days stay as they are. */
  #statuses(): MapState[] {
    const { tasks, pipeline } = this.#props;
    const statements = pipeline.workflows.flatMap(({ periodStatus }) =>
      periodStatus === undefined ? [] : [periodStatus.statement],
    );
    return [...new Set(statements)].map((statement) => {
      const write = statementStates(this, {
        tasks,
        pipeline: pipeline.name,
        workflow: JsonPath.stringAt('$.workflow'),
        statement,
        verb: 'Write',
        next: new Pass(this, `Written ${statement}`),
      });
      return new MapState(this, `For each status of ${statement}`, {
        itemsPath: `$.plan.statuses['${statement}']`,
        itemSelector: {
          workflow: JsonPath.stringAt('$$.Map.Item.Value.workflow'),
          window: JsonPath.objectAt('$$.Map.Item.Value.window'),
        },
        maxConcurrency: 1,
        resultPath: JsonPath.DISCARD,
      }).itemProcessor(write);
    });
  }

  #eachTable(what: string, itemsPath: string, first: State): MapState {
    return new MapState(this, `For each table ${what}`, {
      itemsPath,
      itemSelector: {
        batch: JsonPath.stringAt('$.batch'),
        table: JsonPath.stringAt('$$.Map.Item.Value.table'),
        window: JsonPath.objectAt('$$.Map.Item.Value.window'),
      },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(first);
  }

  #last(verb: string, statement: string, then: string): State {
    return this.#statement(verb, statement, new Pass(this, then));
  }

  #statement(verb: string, statement: string, next: IChainable): State {
    const { tasks, pipeline } = this.#props;
    const { name: workflow } = erasureWorkflow(pipeline);
    const paths = { tablePath: '$.table', batchPath: '$.batch' };
    return statementStates(this, { tasks, pipeline: pipeline.name, workflow, statement, verb, next, ...paths });
  }
}

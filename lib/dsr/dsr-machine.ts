import {
  Choice,
  Condition,
  Fail,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Map as MapState,
  Pass,
  type State,
  type StateMachine,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import {
  erasureWorkflow,
  rebuildName,
  sealName,
  tableErasureWorkflow,
  tableProofWorkflow,
} from '../../core/dsr/erasure-workflow.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import { eachInTurn } from '../lake/each-in-turn.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';
import { RebuildMachine } from './rebuild-machine.ts';
import { SealMachine } from './seal-machine.ts';
import { TableErasureMachine } from './table-erasure-machine.ts';
import { TableProofMachine } from './table-proof-machine.ts';

export interface DsrMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
  /** Name of the Glue job that writes a table's manifests anew. Default: `rewrite-manifests`. */
  readonly manifestJob?: string;
}

/**
 * Erases the people who asked for it: each run opens a batch of what is pending and takes every batch whose wait is over one
 * stage further, whether or not another batch fails. Nothing waits inside a run, so that one that died is simply run again.
 */
export class DsrMachine extends Construct {
  readonly stateMachine: StateMachine;
  /** All state machines by their names, this one among them. */
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly #props: DsrMachineProps;
  readonly #ofTable: StateMachine;
  readonly #proofOfTable: StateMachine;
  /** What makes a workflow's derived tables again, and what makes its periods final. */
  readonly #rebuilds = new Map<Workflow, StateMachine>();
  readonly #seals = new Map<Workflow, StateMachine>();

  constructor(scope: Construct, id: string, props: DsrMachineProps) {
    super(scope, id);
    this.#props = props;
    const { dsrTasks, tasks, pipeline } = props;
    this.#ofTable = new TableErasureMachine(this, 'Table', props).stateMachine;
    this.#proofOfTable = new TableProofMachine(this, 'Proof', props).stateMachine;
    for (const workflow of pipeline.workflows) {
      const { name, upstream } = workflow;
      if (upstream.kind === 'sources') {
        const { stateMachine } = new RebuildMachine(this, `Rebuild-${name}`, { ...props, workflow });
        this.#rebuilds.set(workflow, stateMachine);
      } else {
        this.#seals.set(workflow, new SealMachine(this, `Seal-${name}`, { ...props, workflow }).stateMachine);
      }
    }
    const workflow = erasureWorkflow(pipeline);
    const request = { ...this.#names, request: JsonPath.objectAt('$.request') };
    const plan = dsrTasks.invoke(this, 'Open a batch', 'dsr/plan-batches', request, '$.open');
    const each = eachInTurn(this, {
      tasks,
      part: 'batch',
      itemsPath: '$.open.batches',
      itemSelector: {
        batch: JsonPath.stringAt('$$.Map.Item.Value.batch'),
        step: JsonPath.stringAt('$$.Map.Item.Value.step'),
        cause: JsonPath.stringAt('$$.Map.Item.Value.cause'),
      },
      work: this.#step(),
    });
    const work = plan.next(each).startState;
    this.stateMachine = runOf(this, { tasks, pipeline, workflow }, work, workflow.sentence);
    this.machines = new Map([
      [workflow.name, this.stateMachine],
      [tableErasureWorkflow(pipeline).name, this.#ofTable],
      [tableProofWorkflow(pipeline).name, this.#proofOfTable],
      ...[...this.#rebuilds].map(([of, machine]) => [rebuildName(of), machine] as const),
      ...[...this.#seals].map(([of, machine]) => [sealName(of), machine] as const),
    ]);
  }

  get #names() {
    return { run: JsonPath.executionName, pipeline: this.#props.pipeline.name };
  }

  get #ofBatch() {
    return { ...this.#names, batch: JsonPath.stringAt('$.batch') };
  }

  /** One batch, one stage further. */
  #step(): State {
    const { dsrTasks } = this.#props;
    const done = new Pass(this, 'Wait for the next run');
    const close = dsrTasks.invoke(this, 'Close the batch', 'dsr/close-batch', this.#ofBatch);
    const step = (is: string) => Condition.stringEquals('$.step', is);
    const next = (is: string) => Condition.stringEquals('$.reached.next', is);
    const rewrite = this.#eachTable('whose manifests to rewrite', '$.reached.manifests');
    const ended = new Choice(this, 'Anything to wait for?')
      .when(next('close'), close)
      .when(next('rewrite manifests'), rewrite)
      .otherwise(done);
    return new Choice(this, 'Which stage is next?')
      .when(step('erase'), this.#erase(ended))
      .when(step('estimate'), this.#estimate(close))
      .when(step('prove'), this.#prove(ended))
      .when(
        step('fail'),
        new Fail(this, 'Batch cannot go on', { error: 'CheckFailed', causePath: JsonPath.stringAt('$.cause') }),
      )
      .otherwise(close);
  }

  /** A dry run: counted, said, and taken away again. */
  #estimate(close: IChainable): IChainable {
    const { dsrTasks } = this.#props;
    const find = dsrTasks.invoke(this, 'Plan the count', 'dsr/plan-inventory', this.#ofBatch, '$.inventory');
    const estimate = dsrTasks.invoke(this, 'Estimate the erasure', 'dsr/estimate-erasure', this.#ofBatch);
    return find.next(this.#eachTable('to measure', '$.inventory.counts')).next(estimate).next(close);
  }

  /** Counted, sealed, deleted, counted again, built again, rewritten. */
  #erase(ended: IChainable): IChainable {
    const { dsrTasks } = this.#props;
    const find = dsrTasks.invoke(this, 'Plan the inventory', 'dsr/plan-inventory', this.#ofBatch, '$.inventory');
    const plan = dsrTasks.invoke(this, 'Plan the erasure', 'dsr/plan-erasure', this.#ofBatch, '$.plan');
    const record = dsrTasks.invoke(this, 'Record the erasure', 'dsr/record-erased', this.#ofBatch, '$.reached');
    const work = [
      ...this.#sealAll(),
      this.#eachTable('to delete from', '$.plan.deletions'),
      ...this.#rebuildAll(),
      this.#eachTable('to rewrite', '$.plan.rewrites'),
    ];
    const counted = find.next(this.#eachTable('to count', '$.inventory.counts')).next(plan);
    return work
      .reduce((before, stage) => before.next(stage), counted)
      .next(record)
      .next(ended);
  }

  /** The old files let go, and their absence proven. */
  #prove(ended: IChainable): IChainable {
    const { dsrTasks } = this.#props;
    const expiry = dsrTasks.invoke(this, 'Plan the expiry', 'dsr/plan-inventory', this.#ofBatch, '$.inventory');
    const expire = this.#eachTable('to expire', '$.inventory.expiries');
    const proof = dsrTasks.invoke(this, 'Plan the proof', 'dsr/plan-proof', this.#ofBatch, '$.proof');
    const look = this.#run('Look at a table', this.#proofOfTable, {
      batch: JsonPath.stringAt('$.batch'),
      table: JsonPath.stringAt('$.table'),
    });
    const looks = this.#each('For each table to look at', '$.proof.tables', look, {
      batch: JsonPath.stringAt('$.batch'),
      table: JsonPath.stringAt('$$.Map.Item.Value'),
    });
    const prove = dsrTasks.invoke(this, 'Prove the erasure', 'dsr/prove-erasure', this.#ofBatch, '$.reached');
    return expiry.next(expire).next(proof).next(looks).next(prove).next(ended);
  }

  /** What is made from the cleaned facts, made again by a run of its own for each workflow that has something to make. */
  #rebuildAll(): MapState[] {
    return [...this.#rebuilds].map(([{ name }, machine]) => {
      const rebuild = this.#run(`Make ${name} again`, machine, { windows: JsonPath.objectAt('$.windows') });
      return this.#each(`For each rebuild of ${name}`, `$.plan.rebuilds['${name}']`, rebuild, {
        windows: JsonPath.objectAt('$$.Map.Item.Value'),
      });
    });
  }

  /** The built periods of the affected days stay as they are. */
  #sealAll(): MapState[] {
    return [...this.#seals].map(([{ name }, machine]) => {
      const seal = this.#run(`Seal ${name}`, machine, { batch: JsonPath.stringAt('$.batch') });
      return this.#each(`For each seal of ${name}`, '$.plan.seals', seal, {
        batch: JsonPath.stringAt('$$.Map.Item.Value'),
      });
    });
  }

  /** Each table's work in a run of its own: one after the other, so that they do not write over each other's record of the batch. */
  #eachTable(what: string, itemsPath: string): MapState {
    const lists = ['counts', 'deletions', 'rewrites', 'expiries', 'manifests'];
    const work = this.#run(`Work on a table ${what}`, this.#ofTable, {
      batch: JsonPath.stringAt('$.batch'),
      table: JsonPath.stringAt('$.work.table'),
      ...Object.fromEntries(lists.map((list) => [list, JsonPath.objectAt(`$.work.${list}`)])),
    });
    return this.#each(`For each table ${what}`, itemsPath, work, {
      batch: JsonPath.stringAt('$.batch'),
      work: JsonPath.objectAt('$$.Map.Item.Value'),
    });
  }

  #each(state: string, itemsPath: string, first: IChainable, itemSelector: Record<string, unknown>): MapState {
    return new MapState(this, state, {
      itemsPath,
      itemSelector,
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(first);
  }

  #run(state: string, stateMachine: StateMachine, input: Record<string, unknown>): IChainable {
    return new StepFunctionsStartExecution(this, state, {
      stateMachine,
      integrationPattern: IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: TaskInput.fromObject({ mode: 'named', ...input }),
      resultPath: JsonPath.DISCARD,
    });
  }
}

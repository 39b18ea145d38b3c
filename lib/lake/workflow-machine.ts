import { Duration } from 'aws-cdk-lib';
import {
  Choice,
  Condition,
  DefinitionBody,
  Fail,
  type IChainable,
  JsonPath,
  Map as MapState,
  Parallel,
  Pass,
  type State,
  type StateMachine,
  Succeed,
  Wait,
  WaitTime,
} from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { SourcesDiffer } from '../../core/errors.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import { stagesOf } from '../../core/lake/stages.ts';
import type { LakeTasks } from './lake-tasks.ts';
import { ObservedMachine } from './observed-machine.ts';
import { periodReport } from './period-report.ts';
import { stagedStatements } from './staged-statements.ts';
import { statementStates } from './statement-states.ts';

export interface WorkflowMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
  readonly workflow: Workflow;
}

/** The state machine of a declared workflow: take the turn, make sure that the ground is complete, build, check, record. */
export class WorkflowMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: WorkflowMachineProps) {
    super(scope, id);
    const { workflow } = props;
    const work = workflow.upstream.kind === 'sources' ? this.#buildFromSources(props) : this.#buildFromWorkflows(props);
    this.stateMachine = runOf(this, props, work, workflow.sentence);
  }

  #buildFromSources(props: WorkflowMachineProps): State {
    const { tasks, pipeline, workflow } = props;
    if (workflow.upstream.kind !== 'sources') throw new Error(`${workflow.name} reads no sources`);
    const plan = tasks.invoke(
      this,
      'Plan windows',
      'lake/plan-from-sources',
      { ...runPayload(props), rows: JsonPath.objectAt('$.statement.rows') },
      '$.plan',
    );
    const count = statementStates(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: workflow.name,
      statement: workflow.upstream.counts,
      verb: 'Count',
      windowPath: '$.source.window',
      next: plan,
    });
    const validate = tasks.invoke(this, 'Validate bronze', 'lake/validate-sources', runPayload(props), '$.source');
    plan.next(this.#eachPass(props));
    return validate.next(count).startState;
  }

  #buildFromWorkflows(props: WorkflowMachineProps): State {
    const plan = props.tasks.invoke(this, 'Plan windows', 'lake/plan-from-workflows', runPayload(props), '$.plan');
    return plan.next(this.#eachPass(props)).startState;
  }

  /** One pass after another: every statement, every check, and then the record of what has been built. */
  #eachPass(props: WorkflowMachineProps): State {
    const { tasks, pipeline, workflow } = props;
    const record = tasks.invoke(this, 'Record the pass', 'lake/record-pass', {
      ...names(props),
      window: JsonPath.objectAt('$.window'),
      counts: JsonPath.objectAt('$.counts'),
    });
    const first = stagedStatements(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: workflow.name,
      stages: stagesOf(workflow.steps, workflow.checks),
      next: record,
    });
    const passes = new MapState(this, 'For each pass', {
      itemsPath: '$.plan.passes',
      itemSelector: { window: JsonPath.objectAt('$$.Map.Item.Value'), counts: JsonPath.objectAt('$.plan.counts') },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(first);
    if (workflow.checks.some(({ readsSources }) => readsSources === true)) {
      // Passes that stand are found done, by their statements' tokens. Each window ends this by itself (mostBuilds).
      passes.addRetry({ errors: [SourcesDiffer.name], maxAttempts: 99, interval: Duration.seconds(1), backoffRate: 1 });
    }
    return passes.next(this.#report(props)).startState;
  }

  /** What has become final, in the ledger and in the table that says so. */
  #report(props: WorkflowMachineProps): IChainable {
    const { tasks, workflow } = props;
    const done = new Pass(this, 'Everything built');
    if (workflow.periodStatus === undefined) return done;
    const settle = tasks.invoke(
      this,
      'Settle periods',
      'lake/settle-periods',
      { ...runPayload(props), passes: JsonPath.objectAt('$.plan.passes') },
      '$.settled',
    );
    return settle.next(periodReport(this, { ...props, next: done }));
  }
}

/** Names of the run, its pipeline and its workflow, as every handler is told them. */
function names({ pipeline, workflow }: WorkflowMachineProps) {
  return { run: JsonPath.executionName, pipeline: pipeline.name, workflow: workflow.name };
}

export function runPayload(props: WorkflowMachineProps) {
  return { ...names(props), request: JsonPath.objectAt('$.request') };
}

export interface RunProps extends WorkflowMachineProps {
  /** The name that its runs are on record under. Default: the workflow's. */
  readonly recordedAs?: string;
}

/**
 * The frame of every run: its input put aside as `$.request`, the turn taken before the work and given back after it, however
 * the work ends.
 */
export function runOf(scope: Construct, props: RunProps, work: State, comment: string): StateMachine {
  const { tasks } = props;
  const run = { run: JsonPath.executionName };
  const fail = tasks
    .invoke(
      scope,
      'Record the failure',
      'lake/fail-run',
      { ...run, failure: JsonPath.objectAt('$.failure') },
      '$.failed',
    )
    .next(new Fail(scope, 'Run failed', { errorPath: '$.failed.error', causePath: '$.failed.cause' }));
  const succeed = tasks
    .invoke(scope, 'Finish the run', 'lake/finish-run', run)
    .next(new Succeed(scope, 'Run succeeded'));
  const guarded = new Parallel(scope, 'Do the work', { resultPath: JsonPath.DISCARD })
    .branch(work)
    .addCatch(fail, { resultPath: '$.failure' })
    .next(succeed);
  const asked = { ...runPayload(props), ...(props.recordedAs === undefined ? {} : { recordedAs: props.recordedAs }) };
  const take = tasks.invoke(scope, 'Take the turn', 'lake/take-turn', asked, '$.turn');
  const wait = new Wait(scope, 'Wait for the turn', { time: WaitTime.duration(Duration.seconds(20)) });
  const begin = new Pass(scope, 'Put the request aside', { parameters: { request: JsonPath.objectAt('$') } });
  const definition = begin
    .next(take)
    .next(
      new Choice(scope, 'Is it our turn?')
        .when(Condition.stringEquals('$.turn.turn', 'taken'), guarded)
        .otherwise(wait.next(take)),
    );
  return new ObservedMachine(scope, 'StateMachine', {
    definitionBody: DefinitionBody.fromChainable(definition),
    comment,
    // A day's run takes minutes; one that waits for its turn behind a long backfill may take hours.
    timeout: Duration.hours(12),
  });
}

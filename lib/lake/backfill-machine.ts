import { Duration } from 'aws-cdk-lib';
import {
  DefinitionBody,
  type IChainable,
  IntegrationPattern,
  JsonPath,
  Map as MapState,
  Pass,
  type StateMachine,
  Succeed,
  TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from './lake-tasks.ts';
import { ObservedMachine } from './observed-machine.ts';

export interface BackfillMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
  /** The state machine of each of the pipeline's workflows, by name. */
  readonly machines: ReadonlyMap<string, StateMachine>;
}

/** Runs a pipeline's workflows for the days `from` to `to` of its input, one workflow after the other as data flows. */
export class BackfillMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, props: BackfillMachineProps) {
    super(scope, id);
    const begin = new Pass(this, 'Put the request aside', { parameters: { request: JsonPath.objectAt('$') } });
    const stages = props.pipeline.workflows.reduceRight<IChainable>(
      (next, { name }) => this.#stage(props, name, next),
      new Succeed(this, 'Backfill done'),
    );
    this.stateMachine = new ObservedMachine(this, 'StateMachine', {
      definitionBody: DefinitionBody.fromChainable(begin.next(stages)),
      comment: `Runs every workflow of ${props.pipeline.name} for a range of days.`,
      timeout: Duration.days(7),
    });
  }

  #stage({ tasks, pipeline, machines }: BackfillMachineProps, workflow: string, next: IChainable): IChainable {
    const stateMachine = machines.get(workflow);
    if (stateMachine === undefined) throw new Error(`${workflow} has no state machine`);
    const plan = tasks.invoke(
      this,
      `Plan ${workflow}`,
      'lake/plan-backfill-stage',
      { pipeline: pipeline.name, workflow, request: JsonPath.objectAt('$.request') },
      '$.stage',
    );
    const run = new StepFunctionsStartExecution(this, `Run ${workflow}`, {
      stateMachine,
      integrationPattern: IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: TaskInput.fromObject({ mode: 'backfill', window: JsonPath.objectAt('$') }),
      resultPath: JsonPath.DISCARD,
    });
    const each = new MapState(this, `For each window of ${workflow}`, {
      itemsPath: '$.stage.windows',
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(run);
    return plan.next(each).next(next);
  }
}

import { JsonPath, Map as MapState, Pass, type State, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { maintenanceWorkflow } from '../../core/maintenance/retention.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf, runPayload } from '../lake/workflow-machine.ts';

export interface MaintenanceMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
}

/** Keeps a pipeline's tables in order: drops the days that retention no longer keeps. */
export class MaintenanceMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { tasks, pipeline }: MaintenanceMachineProps) {
    super(scope, id);
    const workflow = maintenanceWorkflow(pipeline);
    const props = { tasks, pipeline, workflow };
    const plan = tasks.invoke(this, 'Plan retention', 'maintenance/plan-retention', runPayload(props), '$.plan');
    const record = tasks.invoke(this, 'Record dropped days', 'maintenance/record-dropped', {
      ...runPayload(props),
      window: JsonPath.objectAt('$.plan.window'),
    });
    plan.next(this.#drop(tasks, pipeline.name, workflow.name)).next(record);
    this.stateMachine = runOf(this, props, plan, workflow.sentence);
  }

  #drop(tasks: LakeTasks, pipeline: string, workflow: string): MapState {
    const drop: State = statementStates(this, {
      tasks,
      pipeline,
      workflow,
      statement: 'maintenance/drop_days',
      verb: 'Run',
      tablePath: '$.table',
      next: new Pass(this, 'Days dropped'),
    });
    return new MapState(this, 'For each table', {
      itemsPath: '$.plan.tables',
      itemSelector: { table: JsonPath.stringAt('$$.Map.Item.Value'), window: JsonPath.objectAt('$.plan.window') },
      maxConcurrency: 1,
      resultPath: JsonPath.DISCARD,
    }).itemProcessor(drop);
  }
}

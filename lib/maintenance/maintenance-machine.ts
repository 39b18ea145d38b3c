import { IntegrationPattern, JsonPath, type State, type StateMachine, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { StepFunctionsStartExecution } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { maintenanceWorkflow } from '../../core/maintenance/maintenance-workflow.ts';
import { measureStatement } from '../../core/maintenance/measure.ts';
import { findingsStatement } from '../../core/maintenance/report-findings.ts';
import { eachInTurn } from '../lake/each-in-turn.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf, runPayload, type WorkflowMachineProps } from '../lake/workflow-machine.ts';

export interface MaintenanceMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
  /** The state machine that takes care of one table. */
  readonly ofTable: StateMachine;
}

/** Keeps a pipeline's tables in order: measures them all, and gives each one that needs care a run of its own, one after the other and whatever came of those before. */
export class MaintenanceMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { tasks, pipeline, ofTable }: MaintenanceMachineProps) {
    super(scope, id);
    const workflow = maintenanceWorkflow(pipeline);
    const props = { tasks, pipeline, workflow };
    const payload = { ...runPayload(props), window: JsonPath.objectAt('$.kept.window') };
    const retention = tasks.invoke(this, 'Plan retention', 'maintenance/plan-retention', runPayload(props), '$.kept');
    const plan = tasks.invoke(
      this,
      'Plan what tables need',
      'maintenance/plan-care',
      { ...payload, rows: JsonPath.objectAt('$.statement.rows') },
      '$.plan',
    );
    const measure = statementStates(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: workflow.name,
      statement: measureStatement,
      verb: 'Run',
      windowPath: '$.kept.window',
      next: plan,
    });
    const record = tasks.invoke(this, 'Record dropped days', 'maintenance/record-dropped', payload);
    const care = new StepFunctionsStartExecution(this, 'Take care of the table', {
      stateMachine: ofTable,
      integrationPattern: IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      input: TaskInput.fromObject({
        mode: JsonPath.stringAt('$.mode'),
        table: JsonPath.stringAt('$.table'),
        window: JsonPath.objectAt('$.window'),
        drops: JsonPath.objectAt('$.drops'),
        rewrites: JsonPath.objectAt('$.rewrites'),
        expiries: JsonPath.objectAt('$.expiries'),
        before: JsonPath.objectAt('$.before'),
      }),
      resultPath: JsonPath.DISCARD,
    });
    const each = eachInTurn(this, { tasks, part: 'table', itemsPath: '$.plan.tables', work: care });
    retention.next(this.#judge(props, measure));
    plan.next(record).next(each);
    this.stateMachine = runOf(this, props, retention, workflow.sentence);
  }

  /** Says how many findings about the newest day are worth a look, where anything judges the data; then goes on. */
  #judge(props: WorkflowMachineProps, next: State): State {
    const { tasks, pipeline, workflow } = props;
    if (pipeline.quality === undefined) return next;
    const report = tasks.invoke(this, 'Report the findings', 'maintenance/report-findings', {
      ...runPayload(props),
      rows: JsonPath.objectAt('$.statement.rows'),
    });
    return statementStates(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: workflow.name,
      statement: findingsStatement,
      verb: 'Run',
      windowPath: '$.kept.window',
      next: report.next(next),
    });
  }
}

import { JsonPath, Pass, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { sealName } from '../../core/dsr/erasure-workflow.ts';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { periodReport } from '../lake/period-report.ts';
import { runOf } from '../lake/workflow-machine.ts';
import type { DsrTasks } from './dsr-tasks.ts';

export interface SealMachineProps {
  readonly tasks: LakeTasks;
  readonly dsrTasks: DsrTasks;
  readonly pipeline: Pipeline;
  /** A workflow that builds periods from those of others. */
  readonly workflow: Workflow;
}

/**
 * Makes the built periods of a batch's days final and tells dashboards so, under the turn of the workflow that built them:
 * a build that goes on meanwhile comes to its record first.
 */
export class SealMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { tasks, dsrTasks, pipeline, workflow }: SealMachineProps) {
    super(scope, id);
    const names = { pipeline: pipeline.name, workflow: workflow.name };
    const seal = dsrTasks.invoke(
      this,
      'Seal the periods',
      'dsr/seal-periods',
      { ...names, batch: JsonPath.stringAt('$.request.batch') },
      '$.settled',
    );
    const work = seal.next(periodReport(this, { tasks, pipeline, workflow, next: new Pass(this, 'Periods sealed') }));
    const sentence = `Makes built periods of ${workflow.name} final before an erasure.`;
    this.stateMachine = runOf(
      this,
      { tasks, pipeline, workflow, recordedAs: sealName(workflow) },
      work.startState,
      sentence,
    );
  }
}

import { Pass, type StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline, Workflow } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import { statementStates } from '../lake/statement-states.ts';
import { runOf } from '../lake/workflow-machine.ts';

export interface PeriodStatusMachineProps {
  readonly tasks: LakeTasks;
  readonly pipeline: Pipeline;
  /** A workflow that tells dashboards how far its periods can be trusted. */
  readonly workflow: Workflow;
  /** The statement that writes it. */
  readonly statement: string;
}

/** Tells dashboards that the periods of affected days stay as they are, under the turn of the workflow that built them. */
export class PeriodStatusMachine extends Construct {
  readonly stateMachine: StateMachine;

  constructor(scope: Construct, id: string, { tasks, pipeline, workflow, statement }: PeriodStatusMachineProps) {
    super(scope, id);
    const write = statementStates(this, {
      tasks,
      pipeline: pipeline.name,
      workflow: workflow.name,
      statement,
      verb: 'Write',
      windowPath: '$.request.window',
      next: new Pass(this, 'Status written'),
    });
    const sentence = `Tells dashboards that periods of ${workflow.name} are final after an erasure.`;
    this.stateMachine = runOf(this, { tasks, pipeline, workflow }, write, sentence);
  }
}

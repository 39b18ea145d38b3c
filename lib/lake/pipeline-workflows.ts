import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import { MaintenanceMachine } from '../maintenance/maintenance-machine.ts';
import { TableMaintenanceMachine } from '../maintenance/table-maintenance-machine.ts';
import { BackfillMachine } from './backfill-machine.ts';
import type { LakeTasks } from './lake-tasks.ts';
import { WorkflowMachine } from './workflow-machine.ts';

export interface PipelineWorkflowsProps {
  readonly pipelines: readonly Pipeline[];
  readonly tasks: LakeTasks;
}

/** The state machines of every pipeline. */
export class PipelineWorkflows extends Construct {
  /** By workflow, as the command line names them. */
  readonly machines: ReadonlyMap<string, StateMachine>;
  /** The names of those that build days again. */
  readonly backfills: readonly string[];

  constructor(scope: Construct, id: string, { pipelines, tasks }: PipelineWorkflowsProps) {
    super(scope, id);
    const machines = new Map<string, StateMachine>();
    const backfills: string[] = [];
    for (const pipeline of pipelines) {
      const own = new Map<string, StateMachine>();
      for (const workflow of pipeline.workflows) {
        const { stateMachine } = new WorkflowMachine(this, idOf(workflow.name), { tasks, pipeline, workflow });
        own.set(workflow.name, stateMachine);
      }
      const prefix = pipelines.length === 1 ? '' : `${pipeline.name}-`;
      for (const [name, machine] of own) machines.set(name, machine);
      const backfill = new BackfillMachine(this, idOf(`${prefix}backfill`), { tasks, pipeline, machines: own });
      const ofTable = new TableMaintenanceMachine(this, idOf(`${prefix}maintenance-table`), { tasks, pipeline });
      const maintenance = new MaintenanceMachine(this, idOf(`${prefix}maintenance`), {
        tasks,
        pipeline,
        ofTable: ofTable.stateMachine,
      });
      machines.set(`${prefix}backfill`, backfill.stateMachine);
      backfills.push(`${prefix}backfill`);
      machines.set(`${prefix}maintenance-table`, ofTable.stateMachine);
      machines.set(`${prefix}maintenance`, maintenance.stateMachine);
    }
    this.machines = machines;
    this.backfills = backfills;
  }
}

/** The id of a construct from a name such as `silver-daily`. */
export function idOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

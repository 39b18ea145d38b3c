import { Stack, type StackProps } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { Pipeline } from '../core/lake/pipeline.ts';
import { BackfillMachine } from './lake/backfill-machine.ts';
import { LakeTasks } from './lake/lake-tasks.ts';
import { WorkflowMachine } from './lake/workflow-machine.ts';
import { MaintenanceMachine } from './maintenance/maintenance-machine.ts';

export interface LakehouseStackProps extends StackProps {
  readonly pipelines: readonly Pipeline[];
}

/** All that can be rebuilt at any time: the workflows of every pipeline and the functions behind them. */
export class LakehouseStack extends Stack {
  /** The state machines by workflow, as the command line names them. */
  readonly machines: ReadonlyMap<string, StateMachine>;

  constructor(scope: Construct, id: string, props: LakehouseStackProps) {
    super(scope, id, props);
    const tasks = new LakeTasks(this, 'Tasks');
    const machines = new Map<string, StateMachine>();
    for (const pipeline of props.pipelines) {
      const own = new Map<string, StateMachine>();
      for (const workflow of pipeline.workflows) {
        own.set(
          workflow.name,
          new WorkflowMachine(this, idOf(workflow.name), { tasks, pipeline, workflow }).stateMachine,
        );
      }
      const prefix = props.pipelines.length === 1 ? '' : `${pipeline.name}-`;
      for (const [name, machine] of own) machines.set(name, machine);
      const backfill = new BackfillMachine(this, idOf(`${prefix}backfill`), { tasks, pipeline, machines: own });
      const maintenance = new MaintenanceMachine(this, idOf(`${prefix}maintenance`), { tasks, pipeline });
      machines.set(`${prefix}backfill`, backfill.stateMachine);
      machines.set(`${prefix}maintenance`, maintenance.stateMachine);
    }
    this.machines = machines;
  }
}

function idOf(name: string): string {
  return name
    .split('-')
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

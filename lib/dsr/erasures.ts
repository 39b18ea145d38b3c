import { Duration } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import { Construct } from 'constructs';
import { holdsPeople } from '../../core/dsr/erasure-workflow.ts';
import type { Pipeline } from '../../core/lake/pipeline.ts';
import type { LakeTasks } from '../lake/lake-tasks.ts';
import type { TaskFunction, TaskSurroundings } from '../lake/task-function.ts';
import { DsrMachine } from './dsr-machine.ts';
import { DsrTasks } from './dsr-tasks.ts';
import type { ErasureAccess } from './erasure-access.ts';

export interface ErasuresProps extends TaskSurroundings {
  readonly pipelines: readonly Pipeline[];
  readonly tasks: LakeTasks;
  readonly access: ErasureAccess;
  /** What tasks find in their environment. */
  readonly environment: Record<string, string>;
  /** Name of the Glue job that writes a table's manifests anew. */
  readonly manifestJob: string;
}

/** The workflows that erase people, one for each pipeline that knows any, and their functions. */
export class Erasures extends Construct {
  /** By workflow, as the command line names them. */
  readonly machines: ReadonlyMap<string, StateMachine>;
  readonly functions: readonly TaskFunction[];

  constructor(scope: Construct, id: string, { pipelines, tasks, access, manifestJob, ...surroundings }: ErasuresProps) {
    super(scope, id);
    // A batch of 100,000 people is read from the vault, written and signed within one task: minutes, not seconds.
    const dsrTasks = new DsrTasks(this, 'Tasks', {
      ...surroundings,
      timeout: Duration.minutes(15),
      // Evidence of 100,000 requests is 30 MB of JSON, held a few times over; the proof holds columns of data files.
      memoryMiB: 2_048,
    });
    for (const [handler, task] of dsrTasks.functions) access.grant(task, handler);
    this.functions = [...dsrTasks.functions.values()];
    this.machines = new Map(
      pipelines.filter(holdsPeople).flatMap((pipeline) => {
        const prefix = pipelines.length === 1 ? '' : `${pipeline.name}-`;
        const { machines } = new DsrMachine(this, `${prefix}dsr`, { tasks, dsrTasks, pipeline, manifestJob });
        return [...machines].map(([name, machine]) => [`${prefix}${name}`, machine] as const);
      }),
    );
  }
}

import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { type Handler, lakeHandlers, taskAccess } from './task-access.ts';
import type { TaskSurroundings } from './task-function.ts';
import { TaskFunctions } from './task-functions.ts';

export interface LakeTasksProps extends TaskSurroundings {
  /** What tasks find in their environment. Default: nothing. */
  readonly environment?: Record<string, string>;
}

/** The functions that all workflows of the lake share. */
export class LakeTasks extends TaskFunctions<Handler> {
  constructor(scope: Construct, id: string, props: LakeTasksProps) {
    super(scope, id, lakeHandlers, (handler) => {
      const { timeoutMinutes } = taskAccess[handler];
      return { ...props, ...(timeoutMinutes === undefined ? {} : { timeout: Duration.minutes(timeoutMinutes) }) };
    });
  }
}

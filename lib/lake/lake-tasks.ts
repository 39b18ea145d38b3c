import { Duration } from 'aws-cdk-lib';
import { JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { retriedWhilePassing } from './passing-errors.ts';
import { type Handler, lakeHandlers, taskAccess } from './task-access.ts';
import { TaskFunction, type TaskSurroundings } from './task-function.ts';

export interface LakeTasksProps extends TaskSurroundings {
  /** What tasks find in their environment. Default: nothing. */
  readonly environment?: Record<string, string>;
}

/** The functions that all workflows of the lake share, one for each handler. */
export class LakeTasks extends Construct {
  readonly functions: ReadonlyMap<Handler, TaskFunction>;

  constructor(scope: Construct, id: string, props: LakeTasksProps) {
    super(scope, id);
    this.functions = new Map(
      lakeHandlers.map((handler) => {
        const { timeoutMinutes } = taskAccess[handler];
        const timeout = timeoutMinutes === undefined ? {} : { timeout: Duration.minutes(timeoutMinutes) };
        return [handler, new TaskFunction(this, idOf(handler), { ...props, ...timeout, handler })];
      }),
    );
  }

  function(handler: Handler): TaskFunction {
    const found = this.functions.get(handler);
    if (found === undefined) throw new Error(`There is no function for ${handler}`);
    return found;
  }

  /**
   * A state that calls a handler. Its payload is exactly `payload`, its result goes to `resultPath`.
   *
   * @param resultPath default: the result is discarded and the state's input goes on.
   */
  invoke(
    scope: Construct,
    state: string,
    handler: Handler,
    payload: Record<string, unknown>,
    resultPath: string = JsonPath.DISCARD,
  ): LambdaInvoke {
    const lambdaFunction = this.function(handler);
    // LambdaInvoke itself retries what Lambda's service can throw.
    const task = new LambdaInvoke(scope, state, {
      lambdaFunction,
      payloadResponseOnly: true,
      payload: TaskInput.fromObject(payload),
      resultPath,
    });
    return retriedWhilePassing(task);
  }
}

function idOf(handler: string): string {
  return handler
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

import { JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { retriedWhilePassing } from './passing-errors.ts';
import { TaskFunction, type TaskFunctionProps } from './task-function.ts';

/** The functions of workflows' tasks, one for each handler, and the states that call them. */
export class TaskFunctions<Handler extends string> extends Construct {
  readonly functions: ReadonlyMap<Handler, TaskFunction>;

  /** @param props of the function of a handler. */
  constructor(
    scope: Construct,
    id: string,
    handlers: readonly Handler[],
    props: (handler: Handler) => Omit<TaskFunctionProps, 'handler'>,
  ) {
    super(scope, id);
    this.functions = new Map(
      handlers.map((handler) => [handler, new TaskFunction(this, idOf(handler), { ...props(handler), handler })]),
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

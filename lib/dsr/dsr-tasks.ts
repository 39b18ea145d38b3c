import { JsonPath, TaskInput } from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import { Construct } from 'constructs';
import { retriedWhilePassing } from '../lake/passing-errors.ts';
import { TaskFunction, type TaskFunctionProps, type TaskSurroundings } from '../lake/task-function.ts';

const handlers = [
  'dsr/plan-batches',
  'dsr/plan-inventory',
  'dsr/join-round',
  'dsr/record-inventory',
  'dsr/estimate-erasure',
  'dsr/plan-erasure',
  'dsr/seal-periods',
  'dsr/verify-deletion',
  'dsr/record-rebuild',
  'dsr/record-erased',
  'dsr/prove-erasure',
  'dsr/close-batch',
] as const;

/** A task of an erasure, by the path of its handler below `lambdas/`. */
export type DsrHandler = (typeof handlers)[number];

/** The functions of the erasure's workflow, one for each handler. */
export class DsrTasks extends Construct {
  readonly functions: ReadonlyMap<DsrHandler, TaskFunction>;

  constructor(
    scope: Construct,
    id: string,
    props: TaskSurroundings & Pick<TaskFunctionProps, 'environment' | 'timeout' | 'memoryMiB'>,
  ) {
    super(scope, id);
    this.functions = new Map(
      handlers.map((handler) => [handler, new TaskFunction(this, idOf(handler), { ...props, handler })]),
    );
  }

  /**
   * A state that calls a handler. Its payload is exactly `payload`, its result goes to `resultPath`.
   *
   * @param resultPath default: the result is discarded and the state's input goes on.
   */
  invoke(
    scope: Construct,
    state: string,
    handler: DsrHandler,
    payload: Record<string, unknown>,
    resultPath: string = JsonPath.DISCARD,
  ): LambdaInvoke {
    const lambdaFunction = this.functions.get(handler);
    if (lambdaFunction === undefined) throw new Error(`There is no function for ${handler}`);
    return retriedWhilePassing(
      new LambdaInvoke(scope, state, {
        lambdaFunction,
        payloadResponseOnly: true,
        payload: TaskInput.fromObject(payload),
        resultPath,
      }),
    );
  }
}

function idOf(handler: string): string {
  return handler
    .split(/[/-]/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');
}

import type { Context } from 'aws-lambda';
import type { Task } from './task.ts';

/**
 * What AWS needs around a task is loaded while Lambda still initialises, when it has a full processor. Where handlers are
 * imported for their tasks alone, as on one machine, it is never loaded.
 */
const invocation = process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? undefined : import('./invoke-task.ts');

/** The Lambda function of a task. Its errors keep their names, which state machines go by, and lose what they may not tell. */
export function onLambda(task: Task): (input: unknown, context: Context) => Promise<unknown> {
  return async (input, context) => {
    const { invokeTask } = await (invocation ?? import('./invoke-task.ts'));
    return invokeTask(task, input, context);
  };
}

import type { Context } from 'aws-lambda';
import type { Extension } from './aws-runtime.ts';
import type { Task } from './task.ts';

/**
 * The Lambda function of a task. Its errors keep their names, which state machines go by, and lose what they may not tell.
 *
 * What AWS needs around a task is loaded while Lambda still initialises, when it has a full processor. Where handlers are
 * imported for their tasks alone, as on one machine, it is never loaded.
 *
 * @param extensions what the task needs beyond the ledger, in the order in which one builds on another. Default: nothing.
 */
export function onLambda(
  task: Task,
  ...extensions: readonly (() => Promise<Extension>)[]
): (input: unknown, context: Context) => Promise<unknown> {
  const load = async () => {
    const [{ invokerWith }, ...extended] = await Promise.all([
      import('./invoke-task.ts'),
      ...extensions.map((extension) => extension()),
    ]);
    return invokerWith(extended);
  };
  const loading = process.env.AWS_LAMBDA_FUNCTION_NAME === undefined ? undefined : load();
  return async (input, context) => (await (loading ?? load()))(task, input, context);
}

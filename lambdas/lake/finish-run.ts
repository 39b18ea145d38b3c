import { z } from 'zod';
import { onLambda } from './on-lambda.ts';
import { defineTask } from './task.ts';

/** Closes the record of a run that has succeeded, and gives its turn back. */
export const task = defineTask(z.object({ run: z.string() }), async (runtime, { run }) => {
  await runtime.ledger.finishRun(run, { finishedAt: runtime.now().toISOString(), outcome: 'succeeded' });
  await runtime.ledger.giveTurnBack(run);
  return {};
});

export const handler = onLambda(task);

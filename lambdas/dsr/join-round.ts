import { z } from 'zod';
import { joinRound } from '../../core/dsr/join-round.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Puts on record that a run works on a batch. */
export const task = defineTask(z.object({ run: z.string(), batch: z.string() }), async (runtime, { run, batch }) => {
  await joinRound(runtime, batch, run);
  return {};
});

export const handler = onLambda(task, () => import('./with-requests.ts'));

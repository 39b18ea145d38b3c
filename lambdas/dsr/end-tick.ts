import { z } from 'zod';
import { endTick } from '../../core/dsr/end-tick.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const outcome = z.object({
  batch: z.string(),
  failure: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});

/** Ends a tick in which every batch had its turn; it fails if a batch has. */
export const task = defineTask(z.object({ outcomes: z.array(outcome) }), async (_runtime, { outcomes }) => {
  endTick(outcomes);
  return {};
});

export const handler = onLambda(task);

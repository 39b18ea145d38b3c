import { z } from 'zod';
import { judgeOutcomes } from '../../core/lake/judge-outcomes.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask } from './task.ts';

const outcome = z.object({
  part: z.string(),
  failure: z.object({ Error: z.string(), Cause: z.string().optional() }).optional(),
});

/** Ends a run in which every part had its turn; it fails if one of them has. */
export const task = defineTask(z.object({ outcomes: z.array(outcome) }), async (_runtime, { outcomes }) => {
  judgeOutcomes(outcomes);
  return {};
});

export const handler = onLambda(task);

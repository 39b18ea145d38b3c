import { z } from 'zod';
import { proveErasure } from '../../core/dsr/finish-stage.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Looks on storage for what should be gone, and says whether there is anything to wait for. */
export const task = defineTask(z.object({ run: z.string(), batch: z.string() }), async (runtime, { run, batch }) => ({
  next: await proveErasure(runtime, batch, run),
}));

export const handler = onLambda(task);

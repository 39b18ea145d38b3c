import { z } from 'zod';
import { recordErased } from '../../core/dsr/finish-stage.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Puts on record that a batch's rows are gone, and says whether there is anything to wait for. */
export const task = defineTask(z.object({ batch: z.string() }), async (runtime, { batch }) => ({
  next: await recordErased(runtime, batch),
}));

export const handler = onLambda(task, () => import('./with-requests.ts'));

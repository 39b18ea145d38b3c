import { z } from 'zod';
import { proveErasure } from '../../core/dsr/finish-stage.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says whether all is gone that should be, and what the batch does next. */
export const task = defineTask(z.object({ run: z.string(), batch: z.string() }), (runtime, { run, batch }) =>
  proveErasure(runtime, batch, run),
);

export const handler = onLambda(task, () => import('./with-requests.ts'));

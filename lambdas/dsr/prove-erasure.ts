import { z } from 'zod';
import { proveErasure } from '../../core/dsr/finish-stage.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Looks on storage for what should be gone, and says whether there is anything to wait for. */
export const task = defineTask(z.object({ run: z.string(), batch: z.string() }), (runtime, { run, batch }) =>
  proveErasure(runtime, batch, run),
);

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-vault.ts'),
  () => import('./with-prover.ts'),
);

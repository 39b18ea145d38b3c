import { z } from 'zod';
import { closeBatch } from '../../core/dsr/close-batch.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Writes the evidence, destroys what led to the people, and completes their requests. */
export const task = defineTask(z.object({ batch: z.string() }), (runtime, { batch }) => closeBatch(runtime, batch));

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-vault.ts'),
  () => import('./with-batch-files.ts'),
);

import { z } from 'zod';
import { startStatement } from '../../core/lake/run-statement.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, windowPayload } from './task.ts';

export const statementPayload = z.object({
  run: z.string(),
  pipeline: z.string(),
  workflow: z.string(),
  statement: z.string(),
  window: windowPayload,
  table: z.string().optional(),
  batch: z.string().optional(),
});

/** Starts a statement, or finds the one that this state has started before. */
export const task = defineTask(statementPayload, startStatement);

export const handler = onLambda(
  task,
  () => import('./with-athena.ts'),
  // Builds leave out whom an open batch erases.
  () => import('../dsr/with-requests.ts'),
);

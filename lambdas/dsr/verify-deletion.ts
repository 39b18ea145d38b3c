import { z } from 'zod';
import { verifyDeletion } from '../../core/dsr/verify-deletion.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, windowPayload } from '../lake/task.ts';

const payload = z.object({
  pipeline: z.string(),
  batch: z.string(),
  table: z.string(),
  window: windowPayload,
  rows: z.array(z.unknown()),
});

/** Compares a table's days after the deletion with what was counted before. */
export const task = defineTask(payload, async (runtime, { pipeline, ...recount }) => {
  await verifyDeletion(runtime, pipelineOf(runtime, pipeline), recount);
  return {};
});

export const handler = onLambda(task, () => import('./with-requests.ts'));

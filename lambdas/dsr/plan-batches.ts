import { z } from 'zod';
import { planBatches } from '../../core/dsr/open-batch.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({
  run: z.string(),
  pipeline: z.string(),
  request: z.object({ dryRun: z.boolean().optional() }),
});

/** Opens a batch of what is pending, and says what this run does with each batch. */
export const task = defineTask(payload, async (runtime, { run, pipeline, request }) => ({
  batches: await planBatches(runtime, pipelineOf(runtime, pipeline), run, request),
}));

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-vault.ts'),
  () => import('./with-batch-files.ts'),
);

import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { planBackfillStage } from '../../core/lake/plan-backfill.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask } from './task.ts';

const payload = z.object({
  pipeline: z.string(),
  workflow: z.string(),
  request: z.object({ from: z.string(), to: z.string() }),
});

/** Says for which windows a backfill starts a workflow. */
export const task = defineTask(payload, async (runtime, { pipeline, workflow, request }) => ({
  windows: await planBackfillStage(runtime, findWorkflow(runtime, { pipeline, workflow }).workflow, request),
}));

export const handler = onLambda(task);

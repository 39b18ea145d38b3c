import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { recordPass } from '../../core/lake/record-periods.ts';
import { onLambda } from './on-lambda.ts';
import { countsPayload, defineTask, windowPayload } from './task.ts';

const payload = z.object({
  run: z.string(),
  pipeline: z.string(),
  workflow: z.string(),
  window: windowPayload,
  counts: countsPayload,
});

/** Puts the periods of a finished pass on record. */
export const task = defineTask(payload, async (runtime, { run, pipeline, workflow, window, counts }) => {
  await recordPass(runtime, findWorkflow(runtime, { pipeline, workflow }).workflow, { run, window, counts });
  return {};
});

export const handler = onLambda(task);

import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { recordCounts } from '../../core/lake/record-counts.ts';
import { recordPass } from '../../core/lake/record-periods.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, windowPayload } from '../lake/task.ts';

const payload = z.object({
  run: z.string(),
  pipeline: z.string(),
  workflow: z.string(),
  window: windowPayload,
  rows: z.array(z.record(z.string(), z.string().nullable())),
});

/** Puts the periods of a rebuilt pass on record, with the record counts that they were built from. */
export const task = defineTask(payload, async (runtime, { run, pipeline, workflow, window, rows }) => {
  const found = findWorkflow(runtime, { pipeline, workflow }).workflow;
  await recordPass(runtime, found, { run, window, counts: recordCounts(found.grain, rows) });
  return {};
});

export const handler = onLambda(task);

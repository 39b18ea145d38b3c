import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { planFromSources } from '../../core/lake/plan-from-sources.ts';
import { recordCounts } from '../../core/lake/record-counts.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, runPayload } from './task.ts';

const payload = runPayload.extend({ rows: z.array(z.record(z.string(), z.string().nullable())) });

/** Plans a run that reads sources, from the record counts that it has just asked for. */
export const task = defineTask(payload, async (runtime, { pipeline, workflow, request, rows }) => {
  const found = findWorkflow(runtime, { pipeline, workflow });
  const counts = recordCounts(found.workflow.grain, rows);
  return { counts, ...(await planFromSources(runtime, found.pipeline, found.workflow, request, counts)) };
});

export const handler = onLambda(task);

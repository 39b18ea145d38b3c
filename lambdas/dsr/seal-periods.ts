import { z } from 'zod';
import { sealPeriods } from '../../core/dsr/seal-periods.ts';
import { findWorkflow } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({ pipeline: z.string(), workflow: z.string(), batch: z.string() });

/** Makes a workflow's built periods of a batch's days final, and says which periods' status has to be written, if any. */
export const task = defineTask(payload, async (runtime, { pipeline, workflow, batch }) => {
  const window = await sealPeriods(runtime, findWorkflow(runtime, { pipeline, workflow }).workflow, batch);
  return window === undefined ? { report: 'none' } : { report: 'some', window };
});

export const handler = onLambda(task, () => import('./with-requests.ts'));

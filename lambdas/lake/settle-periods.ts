import { z } from 'zod';
import { findWorkflow } from '../../core/lake/find.ts';
import { settlePeriods } from '../../core/lake/record-periods.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, runPayload, windowPayload } from './task.ts';

const payload = runPayload.extend({ passes: z.array(windowPayload) });

/** Makes final what has become final, and says which periods' status has to be written, if any. */
export const task = defineTask(payload, async (runtime, { pipeline, workflow, passes }) => {
  const window = await settlePeriods(runtime, findWorkflow(runtime, { pipeline, workflow }).workflow, passes);
  return window === undefined ? { report: 'none' } : { report: 'some', window };
});

export const handler = onLambda(task);

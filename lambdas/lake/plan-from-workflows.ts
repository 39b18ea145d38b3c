import { findWorkflow } from '../../core/lake/find.ts';
import { planFromWorkflows } from '../../core/lake/plan-from-workflows.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask, runPayload } from './task.ts';

/** Plans a run that reads other workflows' tables, once these are complete. */
export const task = defineTask(runPayload, async (runtime, { pipeline, workflow, request }) => {
  const found = findWorkflow(runtime, { pipeline, workflow });
  return { counts: {}, ...(await planFromWorkflows(runtime, found.pipeline, found.workflow, request)) };
});

// Periods that an erasure holds stay as they are.
export const handler = onLambda(task, () => import('../dsr/with-requests.ts'));

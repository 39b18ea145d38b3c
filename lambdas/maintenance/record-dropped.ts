import { findWorkflow } from '../../core/lake/find.ts';
import { recordDropped } from '../../core/maintenance/retention.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';
import { maintenancePayload } from './maintenance-payload.ts';

/** Puts on record which days go, before they do. */
export const task = defineTask(maintenancePayload, async (runtime, payload) => {
  if (payload.request.dryRun) return {};
  await recordDropped(runtime, findWorkflow(runtime, payload).pipeline, payload.window.from);
  return {};
});

export const handler = onLambda(task);

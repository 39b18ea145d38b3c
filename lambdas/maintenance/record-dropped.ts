import { findWorkflow } from '../../core/lake/find.ts';
import { recordDropped } from '../../core/maintenance/retention.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, runPayload, windowPayload } from '../lake/task.ts';

/** Puts on record that the days of a window are gone. */
export const task = defineTask(runPayload.extend({ window: windowPayload }), async (runtime, payload) => {
  await recordDropped(runtime, findWorkflow(runtime, payload).pipeline, payload.window);
  return {};
});

export const handler = onLambda(task);

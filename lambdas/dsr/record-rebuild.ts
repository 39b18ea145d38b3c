import { z } from 'zod';
import { recordRebuild } from '../../core/dsr/record-rebuild.ts';
import { findWorkflow } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask, windowPayload } from '../lake/task.ts';

const payload = z.object({ pipeline: z.string(), workflow: z.string(), window: windowPayload });

/** Lets the next scheduled run look again at days that were built from rows that are gone. */
export const task = defineTask(payload, async (runtime, { pipeline, workflow, window }) => {
  const found = findWorkflow(runtime, { pipeline, workflow });
  await recordRebuild(runtime, found.pipeline, found.workflow, window);
  return {};
});

export const handler = onLambda(task);

import { z } from 'zod';
import { planExpiry, planInventory } from '../../core/dsr/plan-erasure.ts';
import { earliestScopeEndOf } from '../../core/dsr/scope.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says which tables an erasure counts, and of which it lets old snapshots go. */
export const task = defineTask(z.object({ pipeline: z.string(), batch: z.string() }), async (runtime, payload) => {
  const pipeline = pipelineOf(runtime, payload.pipeline);
  const earliestScopeEnd = await earliestScopeEndOf(runtime, payload.batch);
  return { counts: planInventory(runtime, pipeline, earliestScopeEnd), expiries: planExpiry(runtime, pipeline) };
});

export const handler = onLambda(task, () => import('./with-requests.ts'));

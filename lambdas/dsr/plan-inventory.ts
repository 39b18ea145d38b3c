import { z } from 'zod';
import { planExpiry, planInventory } from '../../core/dsr/plan-erasure.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says which tables an erasure counts, and of which it lets old snapshots go. */
export const task = defineTask(z.object({ pipeline: z.string() }), async (runtime, { pipeline }) => ({
  counts: planInventory(runtime, pipelineOf(runtime, pipeline)),
  expiries: planExpiry(runtime, pipelineOf(runtime, pipeline)),
}));

export const handler = onLambda(task);

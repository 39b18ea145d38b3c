import { z } from 'zod';
import { planInventory } from '../../core/dsr/plan-erasure.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says which tables an erasure counts, and which it touches. */
export const task = defineTask(z.object({ pipeline: z.string() }), async (runtime, { pipeline }) =>
  planInventory(runtime, pipelineOf(runtime, pipeline)),
);

export const handler = onLambda(task);

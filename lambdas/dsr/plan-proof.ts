import { z } from 'zod';
import { planProof } from '../../core/dsr/look-at-tables.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says which tables have to be looked at for a proof. */
export const task = defineTask(z.object({ pipeline: z.string(), batch: z.string() }), async (runtime, payload) => ({
  tables: await planProof(runtime, pipelineOf(runtime, payload.pipeline), payload.batch),
}));

export const handler = onLambda(task, () => import('./with-requests.ts'));

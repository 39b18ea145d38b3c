import { z } from 'zod';
import { planErasure } from '../../core/dsr/plan-erasure.ts';
import { pipelineOf } from '../../core/lake/find.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({ pipeline: z.string(), batch: z.string() });

/** Plans what is sealed, deleted, built again and rewritten. */
export const task = defineTask(payload, (runtime, { pipeline, batch }) =>
  planErasure(runtime, pipelineOf(runtime, pipeline), batch),
);

export const handler = onLambda(task, () => import('./with-requests.ts'));

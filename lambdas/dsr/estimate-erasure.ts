import { z } from 'zod';
import { estimateErasure } from '../../core/dsr/estimate-erasure.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Says what erasing a batch will take, and erases nothing. */
export const task = defineTask(z.object({ batch: z.string() }), (runtime, { batch }) =>
  estimateErasure(runtime, batch),
);

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-prover.ts'),
);

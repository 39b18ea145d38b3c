import { z } from 'zod';
import { recordInventory } from '../../core/dsr/plan-erasure.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({ run: z.string(), batch: z.string(), table: z.string(), statement: z.string() });

/** Keeps what was counted of a table before anything is deleted from it. */
export const task = defineTask(payload, async (runtime, request) => {
  await recordInventory(runtime, { ...request, rows: await runtime.engine.allRows(request.statement) });
  return {};
});

export const handler = onLambda(
  task,
  () => import('../lake/with-athena.ts'),
  () => import('./with-requests.ts'),
  () => import('./with-batch-files.ts'),
);

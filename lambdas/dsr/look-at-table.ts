import { z } from 'zod';
import { lookAtTable } from '../../core/dsr/look-at-tables.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Looks at a table's own files and at what is stored beside them. */
export const task = defineTask(z.object({ batch: z.string(), table: z.string() }), (runtime, { batch, table }) =>
  lookAtTable(runtime, batch, table),
);

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-prover.ts'),
);

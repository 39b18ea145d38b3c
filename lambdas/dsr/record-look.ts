import { z } from 'zod';
import { recordLook } from '../../core/dsr/look-at-tables.ts';
import { tableLookShape } from '../../core/dsr/table-look.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({
  batch: z.string(),
  table: z.string(),
  look: tableLookShape,
  parts: z.array(tableLookShape),
});

/** Keeps what looking at a table has come to. */
export const task = defineTask(payload, async (runtime, { batch, table, look, parts }) => {
  await recordLook(runtime, batch, table, [look, ...parts]);
  return {};
});

export const handler = onLambda(task, () => import('./with-requests.ts'));

import { z } from 'zod';
import { readTablePart } from '../../core/dsr/look-at-tables.ts';
import { filePartShape } from '../../core/dsr/proof-parts.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const version = z.object({ snapshot: z.string(), snapshots: z.int() });
const payload = z.object({ batch: z.string(), table: z.string(), version, part: filePartShape });

/** Looks for rows of the people in a part of a table's files. */
export const task = defineTask(payload, readTablePart);

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-prover.ts'),
);

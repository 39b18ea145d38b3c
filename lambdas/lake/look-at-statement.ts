import { z } from 'zod';
import { lookAtStatement } from '../../core/lake/run-statement.ts';
import { onLambda } from './on-lambda.ts';
import { statementPayload } from './start-statement.ts';
import { defineTask } from './task.ts';

const payload = statementPayload.extend({ id: z.string(), waited: z.number().optional() });

/** Looks at a statement that was started before. */
export const task = defineTask(payload, lookAtStatement);

export const handler = onLambda(task, () => import('./with-athena.ts'));

import { z } from 'zod';
import { erasuresOf } from '../../core/dsr/ports.ts';
import { tellStatuses } from '../../core/dsr/tell-statuses.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Tells callers what has become of their requests. */
export const task = defineTask(z.unknown(), async (runtime) => ({ told: await tellStatuses(erasuresOf(runtime)) }));

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-bus.ts'),
);

import { z } from 'zod';
import { stateOfLake } from '../../core/monitoring/report-state.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

const payload = z.object({ builtWithinHours: z.number() });

/** Measures how the lake stands: what alarms and dashboards are made from. A schedule calls it every hour. */
export const task = defineTask(payload, async (runtime, request) => {
  const state = await stateOfLake(runtime, request);
  for (const [name, value] of state) runtime.metric?.(name, value);
  return { measurements: state.length };
});

export const handler = onLambda(
  task,
  () => import('../lake/with-athena.ts'),
  () => import('../lake/with-sink.ts'),
  () => import('../dsr/with-requests.ts'),
);

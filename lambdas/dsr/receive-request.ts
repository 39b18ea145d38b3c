import { z } from 'zod';
import { erasuresOf } from '../../core/dsr/ports.ts';
import { receiveEvent } from '../../core/dsr/receive.ts';
import { onLambda } from '../lake/on-lambda.ts';
import { defineTask } from '../lake/task.ts';

/** Takes an event from the bus in. A malformed one is no failure: trying it again would not mend it. */
export const task = defineTask(z.unknown(), async (runtime, envelope) => {
  const receipt = await receiveEvent(erasuresOf(runtime), envelope, runtime.now());
  if ('refused' in receipt) runtime.metric?.('EventsRefused', 1);
  return receipt;
});

export const handler = onLambda(
  task,
  () => import('./with-requests.ts'),
  () => import('./with-vault.ts'),
  () => import('./with-dead-letters.ts'),
);

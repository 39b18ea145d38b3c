import { z } from 'zod';
import { failureLine } from '../../core/lake/failure-line.ts';
import { onLambda } from './on-lambda.ts';
import { defineTask } from './task.ts';

const payload = z.object({ run: z.string(), failure: z.object({ Error: z.string(), Cause: z.string().default('') }) });

/** Closes the record of a run that has failed, says why in one line, and gives its turn back. */
export const task = defineTask(payload, async (runtime, { run, failure }) => {
  const line = failureLine(failure.Error, failure.Cause);
  await runtime.ledger.finishRun(run, { finishedAt: runtime.now().toISOString(), outcome: 'failed', failure: line });
  await runtime.ledger.giveTurnBack(run);
  return { error: failure.Error, cause: line };
});

export const handler = onLambda(task);

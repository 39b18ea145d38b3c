import type { Context } from 'aws-lambda';
import { erasuresOf } from '../../../core/dsr/ports.ts';
import { task as closeBatch } from '../../../lambdas/dsr/close-batch.ts';
import { task as planBatches } from '../../../lambdas/dsr/plan-batches.ts';
import { task as receiveRequest } from '../../../lambdas/dsr/receive-request.ts';
import { task as tellStatuses } from '../../../lambdas/dsr/tell-statuses.ts';
import type { Task } from '../../../lambdas/lake/task.ts';
import { observed } from '../../../lambdas/monitoring/observed.ts';
import { scriptedLake } from '../lake/scripted-lake.ts';
import { deletionRequested } from './erasing-calls.ts';

export const identity = 'person-who-must-not-be-named';
export const id = '0b0f6a0e-6f0e-4d39-9d2e-0d6b7c3a9f11';
export const event = deletionRequested(identity, id);
const context: Context = {
  functionName: 'f',
  functionVersion: '1',
  invokedFunctionArn: 'arn',
  memoryLimitInMB: '512',
  awsRequestId: 'r',
  logGroupName: 'g',
  logStreamName: 's',
  callbackWaitsForEmptyEventLoop: false,
  getRemainingTimeInMillis: () => 1_000,
  done: () => undefined,
  fail: () => undefined,
  succeed: () => undefined,
};

/** A lake whose AWS refuses one call, the one of a number, with a text that names the person. */
export function refusingLake(refused: number) {
  let calls = 0;
  let ended = false;
  let working = false;
  const lake = scriptedLake({
    refuse: () => {
      // What the test itself asks is answered.
      if (!working) return undefined;
      calls += 1;
      if (calls - 1 !== refused) return undefined;
      ended = true;
      return Object.assign(new Error(`${identity} is not authorized`), { name: 'AccessDeniedException' });
    },
  });
  lake.now = new Date('2026-03-10T07:00:00Z');
  const errors: Error[] = [];
  /** Runs a task, and runs it again should it fail, as Lambda and the state machines do. */
  const run = async (task: Task, payload: unknown) => {
    const attempt = async () => {
      working = true;
      return await observed(context, payload, () => task.run(lake.runtime, payload)).finally(() => {
        working = false;
      });
    };
    try {
      return await attempt();
    } catch (error) {
      if (error instanceof Error) errors.push(error);
      return await attempt();
    }
  };
  return { lake, run, errors, wasRefused: () => ended };
}

/** From the event to the closed batch, as far as these tasks go. */
export async function erase({ lake, run }: ReturnType<typeof refusingLake>): Promise<string> {
  await run(receiveRequest, event);
  await run(planBatches, { run: 'run-1', pipeline: 'chat', request: {} });
  const { store } = erasuresOf(lake.runtime);
  // What stands between opening and closing has tests of its own.
  const [batch] = await store.batches();
  if (batch === undefined) throw new Error('no batch was opened');
  await run(closeBatch, { batch: batch.id });
  await run(tellStatuses, {});
  return batch.id;
}

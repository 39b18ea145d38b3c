import type { Runtime } from '../lake/runtime.ts';
import type { Erasures } from './erasures.ts';
import type { Batch, Round } from './request-store.ts';

/** What the place offers for erasures. @throws Error where there is none: the `dsr` workflow must not run there. */
export function erasuresOf(runtime: Runtime): Erasures {
  if (runtime.erasures === undefined) throw new Error('This place has no ledger of erasures');
  return runtime.erasures;
}

/** The batch of an id. @throws Error when there is none. */
export async function batchOf(runtime: Runtime, id: string): Promise<Batch> {
  const batch = await erasuresOf(runtime).store.batch(id);
  if (batch === undefined) throw new Error(`There is no batch ${id}`);
  return batch;
}

/** The round that a batch is in. */
export function roundOf(batch: Batch): Round {
  const round = batch.rounds.at(-1);
  if (round === undefined) throw new Error(`${batch.id} has no round`);
  return round;
}

/** The batch with its current round changed. */
export function withRound(batch: Batch, change: Partial<Round>): Batch {
  return { ...batch, rounds: [...batch.rounds.slice(0, -1), { ...roundOf(batch), ...change }] };
}

import type { Runtime } from '../lake/runtime.ts';
import { beginRound } from './plan-erasure.ts';
import { batchOf, erasuresOf, roundOf, withRound } from './ports.ts';

/** Puts on record that a run works on a batch: the evidence names the statements of all of them. */
export async function joinRound(runtime: Runtime, batchId: string, run: string): Promise<void> {
  const batch = beginRound(await batchOf(runtime, batchId));
  const { runs } = roundOf(batch);
  if (!runs.includes(run)) await erasuresOf(runtime).store.save(withRound(batch, { runs: [...runs, run] }));
}

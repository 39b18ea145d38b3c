import type { RunLedger, RunRecord } from './run-ledger.ts';

/** The latest runs of a ledger, newest first: at least `most` of them, and more until there are enough, or no others. */
export async function latestRunsUntil(
  ledger: Pick<RunLedger, 'latestRuns'>,
  most: number,
  areEnough: (runs: readonly RunRecord[]) => boolean,
): Promise<RunRecord[]> {
  const runs = await ledger.latestRuns(most);
  return runs.length < most || areEnough(runs) ? runs : await latestRunsUntil(ledger, 2 * most, areEnough);
}

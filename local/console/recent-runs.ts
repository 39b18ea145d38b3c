import type { RunLedger, RunRecord } from '../../core/lake/run-ledger.ts';

/** Runs that may be under way at once, and more. */
const runsLookedAt = 20;

/**
 * The newest runs, and all that began later than now: those of a simulated clock stand above the runs that really come
 * after them.
 */
export async function recentRuns(ledger: RunLedger, now: Date): Promise<RunRecord[]> {
  for (let most = runsLookedAt; ; most *= 2) {
    const runs = await ledger.latestRuns(most);
    const past = runs.filter(({ startedAt }) => Date.parse(startedAt) <= now.getTime());
    if (runs.length < most || past.length >= runsLookedAt) return runs;
  }
}

/** What changes when a run begins, ends or fails. */
export function stateOf({ id, outcome }: RunRecord): string {
  return `${id} ${outcome ?? 'running'}`;
}

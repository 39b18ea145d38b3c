import { latestRunsUntil } from '../../core/lake/latest-runs.ts';
import type { RunLedger, RunRecord } from '../../core/lake/run-ledger.ts';

/** Runs that may be under way at once, and more. */
const runsLookedAt = 20;

/**
 * The newest runs, and all that began later than now: those of a simulated clock stand above the runs that really come
 * after them.
 */
export async function recentRuns(ledger: Pick<RunLedger, 'latestRuns'>, now: Date): Promise<RunRecord[]> {
  const isPast = ({ startedAt }: RunRecord) => Date.parse(startedAt) <= now.getTime();
  return await latestRunsUntil(ledger, runsLookedAt, (runs) => runs.filter(isPast).length >= runsLookedAt);
}

/** What changes when a run begins, ends or fails. */
export function stateOf({ id, outcome }: RunRecord): string {
  return `${id} ${outcome ?? 'running'}`;
}

import { latestRunsUntil } from '../../core/lake/latest-runs.ts';
import type { RunLedger, RunRecord } from '../../core/lake/run-ledger.ts';

/** Runs that may be under way at once, and more. */
const runsLookedAt = 20;

/** More than the console ever shows or looks at, those of a simulated clock among them. */
const runsSearched = 1_000;

/**
 * The newest runs, and all that began later than now: those of a simulated clock stand above the runs that really come
 * after them.
 */
export async function recentRuns(ledger: Pick<RunLedger, 'latestRuns'>, now: Date): Promise<RunRecord[]> {
  const isPast = ({ startedAt }: RunRecord) => Date.parse(startedAt) <= now.getTime();
  return await latestRunsUntil(ledger, runsLookedAt, (runs) => runs.filter(isPast).length >= runsLookedAt);
}

/**
 * Ids of runs that have no end. Those that the owner of a home finds when it opens were killed: nobody can have run
 * anything before. Instants would not tell, since a simulated clock may stand anywhere.
 */
export async function runsWithoutEnd(ledger: Pick<RunLedger, 'latestRuns'>): Promise<ReadonlySet<string>> {
  const runs = await ledger.latestRuns(runsSearched);
  return new Set(runs.filter(({ outcome }) => outcome === undefined).map(({ id }) => id));
}

/** What changes when a run begins, ends or fails. */
export function stateOf({ id, outcome }: RunRecord): string {
  return `${id} ${outcome ?? 'running'}`;
}

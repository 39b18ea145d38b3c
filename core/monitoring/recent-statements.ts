import { latestRunsUntil } from '../lake/latest-runs.ts';
import type { RunLedger, RunRecord, StatementRecord } from '../lake/run-ledger.ts';

/** Runs that are asked for at first: a few weeks' of one pipeline. */
const runsAtFirst = 500;
/** The longest that a run may take; one that began earlier has ended. */
const longestRunMillis = 7 * 86_400_000;

/** The statements that ended in `[from, to)`, oldest first, of whatever run. */
export async function recentStatements(
  ledger: Pick<RunLedger, 'latestRuns' | 'statementsOf'>,
  from: Date,
  to: Date,
): Promise<StatementRecord[]> {
  const earliest = new Date(from.getTime() - longestRunMillis).toISOString();
  const isBefore = (run: RunRecord | undefined) => run === undefined || run.startedAt < earliest;
  const runs = (await latestRunsUntil(ledger, runsAtFirst, (latest) => isBefore(latest.at(-1)))).filter(
    ({ startedAt, finishedAt }) =>
      startedAt >= earliest && (finishedAt === undefined || finishedAt >= from.toISOString()),
  );
  const found: StatementRecord[] = [];
  for (const run of runs) found.push(...(await ledger.statementsOf(run.id)));
  return found
    .filter(({ finishedAt }) => finishedAt >= from.toISOString() && finishedAt < to.toISOString())
    .sort((left, right) => left.finishedAt.localeCompare(right.finishedAt));
}

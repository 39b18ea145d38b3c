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
  const runs = (await runsSince(ledger, earliest)).filter(
    ({ startedAt, finishedAt }) =>
      startedAt >= earliest && (finishedAt === undefined || finishedAt >= from.toISOString()),
  );
  const found: StatementRecord[] = [];
  for (const run of runs) found.push(...(await ledger.statementsOf(run.id)));
  return found
    .filter(({ finishedAt }) => finishedAt >= from.toISOString() && finishedAt < to.toISOString())
    .sort((left, right) => left.finishedAt.localeCompare(right.finishedAt));
}

/** The runs that started at an instant or later, newest first, and some before them. */
async function runsSince(ledger: Pick<RunLedger, 'latestRuns'>, earliest: string): Promise<RunRecord[]> {
  for (let most = runsAtFirst; ; most *= 2) {
    const runs = await ledger.latestRuns(most);
    const oldest = runs.at(-1);
    if (runs.length < most || oldest === undefined || oldest.startedAt < earliest) return runs;
  }
}

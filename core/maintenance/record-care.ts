import { CheckFailed } from '../errors.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { Runtime } from '../lake/runtime.ts';
import { measuredTables } from './measure.ts';
import { reportCare, type TableCare } from './plan-care.ts';

/**
 * Puts on record what was done to a table and how it lies now.
 *
 * @throws CheckFailed when days that had to go are still there. A table that lost none is not looked at: a late record of
 * such a day may have come this minute, and goes tomorrow.
 */
export async function recordCare(
  runtime: Pick<Runtime, 'ledger'>,
  pipeline: Pipeline,
  run: string,
  care: TableCare,
  rows: readonly Readonly<Record<string, string | null>>[],
): Promise<void> {
  const [now] = measuredTables(pipeline.tables, rows);
  if (now === undefined) throw new CheckFailed(`${care.table} could not be measured after its maintenance.`);
  await runtime.ledger.recordMaintenance(
    run,
    reportCare([care]).map((report) => ({ ...report, after: now.size })),
  );
  if (care.drops.length > 0 && now.past + now.ahead > 0) {
    throw new CheckFailed(
      `${care.table} still has ${now.past + now.ahead} partitions outside of ${care.window.from} to ${care.window.to} after they were dropped: start maintenance again.`,
    );
  }
}

import type { MaintainedTable, RunLedger } from '../../core/lake/run-ledger.ts';
import { addDays, type Window } from '../../core/window.ts';
import { bytesText, countOf } from './figures.ts';

/** Runs among which the newest maintenance and those of its tables are looked for. */
const recentRuns = 200;

/** What the newest maintenance found to do, and what it did; empty where every table was in order. */
export async function maintainedTables(ledger: RunLedger): Promise<readonly MaintainedTable[]> {
  const runs = await ledger.latestRuns(recentRuns);
  const at = runs.findIndex(({ workflow }) => workflow === 'maintenance');
  if (at === -1) return [];
  const planned = runs[at]?.maintenance ?? [];
  // The runs of its tables began after it.
  const done = runs.slice(0, at).flatMap(({ maintenance }) => maintenance ?? []);
  return planned.map((table) => done.find((one) => one.table === table.table) ?? table);
}

/** A line for each table, said of the past or, on a dry run, of what would be. */
export function maintenanceLines(tables: readonly MaintainedTable[], dryRun: boolean): string[] {
  return tables.map(({ table, drops, rewrites, expires, before, after }) => {
    const what = [
      ...drops.map((window) => `${dryRun ? 'drop' : 'dropped'} the days ${spanText(window)}`),
      ...(rewrites.length === 0
        ? []
        : [`${dryRun ? 'join' : 'joined'} the files of ${rewrites.map(spanText).join(', ')}`]),
      ...(expires ? ['let old snapshots go'] : []),
    ];
    const sizes = [before, ...(after === undefined ? [] : [after])].map(
      ({ files, bytes, snapshots }) =>
        `${countOf(files, 'file')}, ${bytesText(bytes)}, ${countOf(snapshots, 'snapshot')}`,
    );
    return `${table}: ${dryRun ? 'would ' : ''}${what.join('; ')} (${sizes.join(' -> ')})`;
  });
}

function spanText({ from, to }: Window): string {
  if (from < '2000-01-01') return `before ${to}`;
  return to > '2100-01-01' ? `from ${from} on` : `${from} to ${addDays(to, -1)}`;
}

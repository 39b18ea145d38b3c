import { allTime, partitionsInDay } from '../catalogue/partition.ts';
import { RetentionRefused } from '../errors.ts';
import type { Pipeline } from '../lake/pipeline.ts';
import type { MaintainedTable, RunMode, TableSize } from '../lake/run-ledger.ts';
import type { Runtime } from '../lake/runtime.ts';
import { addDays, joinPeriods, type Window } from '../window.ts';
import { type MeasuredTable, measuredTables } from './measure.ts';

/**
 * Days that a scheduled run may drop at once: one a day, the seven that may have been held, and an outage of a week. More
 * says that a clock or a setting is wrong, or that old data was brought in; then somebody has to say that it is meant.
 */
const mostDaysDropped = 15;
/** Athena writes at most so many partitions in one statement. */
const mostPartitions = 100;
/** Old snapshots that a table without identifiers may have before it is worth a statement: they cost metadata, no promise. */
const mostOldSnapshots = 20;

/** What one table is given: the input of its own run. */
export interface TableCare {
  readonly mode: RunMode;
  readonly table: string;
  /** The days that are kept. */
  readonly window: Window;
  readonly drops: readonly Window[];
  readonly rewrites: readonly Window[];
  /** The window alone, when snapshots are to go; nothing otherwise. */
  readonly expiries: readonly Window[];
  readonly before: TableSize;
}

export interface CareRequest {
  readonly mode: RunMode;
  readonly window: Window;
}

/**
 * What each table needs, by what was measured: a table that needs nothing is not among them.
 *
 * @throws RetentionRefused when a run that nobody named would drop more than can be meant.
 */
export function planCare(
  { settings, metric }: Pick<Runtime, 'settings' | 'metric'>,
  pipeline: Pipeline,
  { mode, window }: CareRequest,
  rows: readonly Readonly<Record<string, string | null>>[],
): TableCare[] {
  const measured = measuredTables(pipeline.tables, rows);
  metric?.('MostFilesInPartition', Math.max(0, ...measured.map(({ size }) => size.mostFiles)));
  metric?.('MostSnapshots', Math.max(0, ...measured.map(({ size }) => size.snapshots)));
  if (mode !== 'named') refuseSurprises(measured, window, settings.retentionDays);
  const cares = measured.map((one): TableCare => {
    const { table, past, ahead, scattered, oldSnapshots, size } = one;
    const drops: Window[] = [
      ...(past > 0 ? [{ ...window, from: allTime.from, to: window.from }] : []),
      ...(ahead > 0 ? [{ ...window, from: window.to, to: allTime.to }] : []),
    ];
    const staying = scattered.filter(
      ({ grain, from }) =>
        table.retention === 'forever' || grain !== 'day' || (from >= window.from && from < window.to),
    );
    const single = [...new Map(staying.map((of) => [`${of.grain} ${of.from}`, of])).values()];
    const most = table.retention === 'days' ? 0 : mostOldSnapshots;
    return {
      mode,
      table: table.name,
      window,
      drops,
      rewrites: joinPeriods(single, { periods: Math.floor(mostPartitions / partitionsInDay(table)) }),
      expiries: oldSnapshots > most ? [window] : [],
      before: size,
    };
  });
  return cares.filter(({ drops, rewrites, expiries }) => drops.length + rewrites.length + expiries.length > 0);
}

function refuseSurprises(measured: readonly MeasuredTable[], kept: Window, retentionDays: number): void {
  const howTo =
    'If that is right, look with "lethe run maintenance --dry-run" and let it happen with "lethe run maintenance"; nothing has been dropped.';
  const limited = measured.filter(({ table }) => table.retention === 'days');
  for (const { table, past, ahead, days } of limited) {
    if (ahead > 0) {
      throw new RetentionRefused(
        `${table.name} has days up to ${days?.last}, and nothing later than ${addDays(kept.to, -1)} can have come: the clock is slow, or something else writes the table. ${howTo}`,
      );
    }
    if (past / partitionsInDay(table) > mostDaysDropped) {
      throw new RetentionRefused(
        `${past} partitions of ${table.name}, from ${days?.first} on, are past the ${retentionDays} days of retention, and at most ${mostDaysDropped} days go at once. ${howTo}`,
      );
    }
  }
  const last = limited
    .map(({ days }) => days?.last ?? '')
    .sort()
    .at(-1);
  if (last !== undefined && last !== '' && last < kept.from) {
    throw new RetentionRefused(
      `The newest data is of ${last}, and all of it is past the ${retentionDays} days of retention: the clock is fast, or nothing has come since. ${howTo}`,
    );
  }
}

/** What is put on record of a plan. */
export function reportCare(cares: readonly TableCare[]): MaintainedTable[] {
  return cares.map(({ table, drops, rewrites, expiries, before }) => ({
    table,
    drops,
    rewrites,
    expires: expiries.length > 0,
    before,
  }));
}

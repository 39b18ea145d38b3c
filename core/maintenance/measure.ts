import { athenaTableProperties } from '../catalogue/athena-ddl.ts';
import { isPartitionedByTime, partitionBefore, partitionValue, windowOfPartition } from '../catalogue/partition.ts';
import type { Table } from '../catalogue/table.ts';
import { DeclarationError } from '../errors.ts';
import type { TableSize } from '../lake/run-ledger.ts';
import type { Settings } from '../settings.ts';
import type { SqlValue } from '../sql/value.ts';
import { addDays, type Window } from '../window.ts';

export const measureStatement = 'maintenance/measure_table';

/**
 * Athena's OPTIMIZE leaves a partition alone in which fewer files need it (`optimize_rewrite_data_file_threshold`), and a
 * query that opens four files where one would do waits some hundredths of a second longer.
 */
const fewestFiles = 5;
/** Three quarters of `write_target_data_file_size_bytes`, 512 MB: to OPTIMIZE a file from here on is large enough. */
const largeFileBytes = 402_653_184;
/**
 * A partition that is never settled, as the days of a gold table are one, grows by one to four small files a day. At
 * thirty it is written anew about every ten days; a dashboard's query opens them side by side in the meantime.
 */
const mostFilesUnsettled = 30;
/** Days from today that a record can count to: its timestamp at most a day ahead of its arrival, its `dt` a day from that. */
const daysThatCanCome = 3;
/** Athena's own age of snapshots that VACUUM lets go, for tables that state none. */
const defaultSnapshotAgeSeconds = 432_000;

/** What a table is measured against. */
export interface Clock {
  readonly now: Date;
  readonly settings: Settings;
}

/** The first day that no record of today can count to. */
export function firstDayAhead(today: string): string {
  return addDays(today, daysThatCanCome);
}

/** Age, in seconds, from which VACUUM lets snapshots of a table go. An erasure waits for as long; nothing here lowers it. */
export function snapshotAgeSeconds(table: Table): number {
  return Number(athenaTableProperties(table).vacuum_max_snapshot_age_seconds ?? defaultSnapshotAgeSeconds);
}

/**
 * What the measuring statement asks about a table.
 *
 * @param kept the days that are kept: `from` the first, `to` the first that cannot have come yet.
 */
export function measureParameters(table: Table, kept: Window, { now, settings }: Clock): Record<string, SqlValue> {
  const expression = (value: string): SqlValue => ({ type: 'expression', value });
  const keptByDays = table.retention === 'days';
  const settled = addDays(kept.to, -daysThatCanCome - settings.lookbackDays);
  const scattered = isPartitionedByTime(table)
    ? `${partitionBefore(table, settled)} and file_count >= ${fewestFiles} and total_size < file_count * ${largeFileBytes}`
    : `file_count >= ${mostFilesUnsettled} and total_size < file_count * ${largeFileBytes}`;
  return {
    name: { type: 'text', value: table.name },
    partitions: { type: 'identifier', value: `${table.name}$partitions` },
    snapshots: { type: 'identifier', value: `${table.name}$snapshots` },
    partition: expression(partitionValue(table)),
    past: expression(keptByDays ? partitionBefore(table, kept.from) : 'false'),
    ahead: expression(keptByDays ? `not (${partitionBefore(table, kept.to)})` : 'false'),
    scattered: expression(scattered),
    age_ends: {
      type: 'timestamp',
      value: new Date(now.getTime() - snapshotAgeSeconds(table) * 1000).toISOString(),
    },
  };
}

/** A table as it was measured, and what of it needs care. */
export interface MeasuredTable {
  readonly table: Table;
  readonly size: TableSize;
  /** Partitions before the days that are kept, and after those that can have come. */
  readonly past: number;
  readonly ahead: number;
  /** The days of its first and last partition, where its partitions follow time and it has any. */
  readonly days?: { readonly first: string; readonly last: string };
  /** Windows of single partitions whose files are many and small. */
  readonly scattered: readonly Window[];
  /** Snapshots that VACUUM would let go. */
  readonly oldSnapshots: number;
}

/** Reads what the measuring statement answered. @throws DeclarationError when a row is of no declared table. */
export function measuredTables(
  tables: readonly Table[],
  rows: readonly Readonly<Record<string, string | null>>[],
): MeasuredTable[] {
  return rows.map((row) => {
    const table = tables.find(({ name }) => name === row.table_name);
    if (table === undefined) throw new DeclarationError(`A measurement names the table ${row.table_name}.`);
    const number = (name: string) => Number(row[name] ?? 0);
    const { first_partition: first, last_partition: last, scattered } = row;
    const partitions = (scattered ?? '').split(',').filter((value) => value !== '');
    const windows = partitions.map((value) => windowOfPartition(table, value));
    return {
      table,
      size: {
        files: number('file_count'),
        bytes: number('total_bytes'),
        mostFiles: number('most_files'),
        snapshots: number('snapshot_count'),
      },
      past: number('past_count'),
      ahead: number('ahead_count'),
      ...(isPartitionedByTime(table) && first != null && last != null
        ? { days: { first: windowOfPartition(table, first).from, last: windowOfPartition(table, last).from } }
        : {}),
      scattered: windows.sort((left, right) => left.from.localeCompare(right.from)),
      oldSnapshots: number('old_snapshots'),
    };
  });
}

import { addDays, cutAt, dateOf, type Grain, instantOf, periodsOf, periodsTouching, type Window } from '../window.ts';
import { periodGrainName, windowPredicate } from './predicate.ts';
import type { PartitionTransform, Table } from './table.ts';

/** From before the first day that a record can count to until after the last: timestamps lie in 2000 to 2100. */
export const allTime = { from: '1999-12-31', to: '2100-01-02' } as const;

/** The name of a partition's field in Iceberg's metadata tables: the column, with what was done to it. */
function fieldName({ transform, column }: PartitionTransform): string {
  return transform === 'identity' ? column : `${column}_${transform}`;
}

/** The part of a table's partitioning that follows its event time; undefined where it has none. */
function byTime(table: Table): PartitionTransform | undefined {
  return table.partition.find(({ column, transform }) => column === table.eventTime && transform !== 'bucket');
}

/** The part that a table's partitions are told apart by here: their time, else whatever comes first. */
function leading(table: Table): PartitionTransform | undefined {
  return byTime(table) ?? table.partition[0];
}

/** The value of a partition in `"t$partitions"`, as SQL; a table without partitions is one. */
export function partitionValue(table: Table): string {
  const partition = leading(table);
  return partition === undefined ? "'all'" : `"partition"."${fieldName(partition)}"`;
}

/** Whether a table's partitions follow time, so that each is written no more some time after it. */
export function isPartitionedByTime(table: Table): boolean {
  return byTime(table) !== undefined;
}

/** The condition in `"t$partitions"` of the partitions that begin before a date; never where there is no time in them. */
export function partitionBefore(table: Table, date: string): string {
  const partition = byTime(table);
  if (partition === undefined) return 'false';
  const value = partitionValue(table);
  switch (partition.transform) {
    case 'identity':
    case 'day':
      return `${value} < date '${date}'`;
    case 'hour':
      return `${value} < ${instantOf(date) / 3_600_000}`;
    default:
      return `${value} < ${monthsSince1970(date)}`;
  }
}

/** How many partitions of a table lie in a day. */
export function partitionsInDay(table: Table): number {
  return byTime(table)?.transform === 'hour' ? 24 : 1;
}

/**
 * The window of a partition, given its value as text: whole days where partitions follow time, else all time, in the
 * grain that the partition is for.
 */
export function windowOfPartition(table: Table, value: string): Window {
  const day = (from: string, to: string): Window => ({ grain: 'day', from, to });
  switch (byTime(table)?.transform) {
    case 'identity':
    case 'day':
      return day(value.slice(0, 10), addDays(value.slice(0, 10), 1));
    case 'hour': {
      const date = dateOf(Number(value) * 3_600_000);
      return day(date, addDays(date, 1));
    }
    case 'month':
      return day(monthStart(Number(value)), monthStart(Number(value) + 1));
    default: {
      const grain = grains.find((candidate) => periodGrainName(candidate) === value) ?? 'day';
      return { ...allTime, grain };
    }
  }
}

const grains: readonly Grain[] = ['minute', 'hour', 'day', 'week', 'month'];

/** A window cut into its partitions, in order; partitions of hours stay together by day, and where there is no time in them it is one. */
export function partitionWindows(table: Table, window: Window): Window[] {
  const transform = byTime(table)?.transform;
  if (transform === undefined) return [window];
  if (transform !== 'month') return periodsOf(window);
  const months = periodsTouching('month', window.from, window.to);
  return months.reduce<Window[]>((parts, { from }) => cutAt(parts, from), [window]);
}

/**
 * The condition of whole partitions that hold a window's rows. OPTIMIZE takes nothing finer: Trino stops at a condition
 * that cuts a partition.
 */
export function partitionPredicate(table: Table, window: Window): string {
  return byTime(table) === undefined && table.periodGrain !== undefined
    ? `"${table.periodGrain}" = '${periodGrainName(window.grain)}'`
    : windowPredicate(table, window);
}

function monthsSince1970(date: string): number {
  return (Number(date.slice(0, 4)) - 1970) * 12 + Number(date.slice(5, 7)) - 1;
}

function monthStart(months: number): string {
  return dateOf(Date.UTC(1970, months, 1));
}

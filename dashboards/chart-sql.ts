import type { Table } from '../core/catalogue/table.ts';
import { sqlText } from '../core/sql/value.ts';
import {
  type Axis,
  type Chart,
  hasPeriodAxis,
  hasTimeRange,
  type Measure,
  mostRows,
  type PeriodGrain,
} from './chart.ts';

/** What the reader has chosen. Dates are `YYYY-MM-DD`, both ends included. */
export interface Filters {
  readonly grain: PeriodGrain;
  readonly from: string;
  readonly to: string;
  /** The platform of charts that show one. */
  readonly platform: string;
  /** The platforms of charts that compare them; an empty list is all of them. */
  readonly compared: readonly string[];
}

/** A query, and the literals for its question marks: what a reader typed never becomes part of a statement. */
export interface ChartQuery {
  readonly sql: string;
  readonly parameters: readonly string[];
}

const name = (column: string) => sqlText({ type: 'identifier', value: column });
const text = (value: string) => sqlText({ type: 'text', value });
const date = (value: string) => sqlText({ type: 'date', value });

/**
 * A measure as an expression over the rows of one point.
 *
 * @param builtPeriods an expression for the number of periods that means are taken over. Default: the periods that have rows.
 */
export function measureSql(table: Table, { column, aggregate }: Measure, builtPeriods?: string): string {
  const value = name(column);
  const period = name(table.eventTime);
  const of = (grain: PeriodGrain) =>
    `case when ${name(table.periodGrain ?? 'grain')} = ${text(grain)} then ${value} end`;
  if (typeof aggregate === 'object') {
    if ('firstWhere' in aggregate) {
      return `min(case when ${name(aggregate.firstWhere)} = ${text(aggregate.is)} then ${value} end)`;
    }
    // Nothing divided by nothing is nothing to show.
    return `cast(sum(${value}) as double) / nullif(sum(${name(aggregate.per)}), 0)`;
  }
  switch (aggregate) {
    // One row: any aggregate reads it. The largest is right still when a reader takes the split by platform away.
    case 'only':
    case 'peak':
      return `max(${value})`;
    case 'first':
      return `min(${value})`;
    case 'sum':
      return `sum(${value})`;
    case 'count':
      return `count(${value})`;
    case 'mean':
      return `avg(cast(${value} as double))`;
    case 'latest':
      return `max_by(${value}, ${period})`;
    case 'mean per period':
      return `cast(sum(${value}) as double) / ${periodsSql(`count(distinct ${period})`, builtPeriods)}`;
    case 'daily mean per monthly':
      return `cast(sum(${of('DAILY')}) as double) / ${periodsSql(`count(${of('DAILY')})`, builtPeriods)} / max(${of('MONTHLY')})`;
  }
}

/** The number of periods to take a mean over: those that are built, and no fewer than have rows, as history brought in by hand. */
function periodsSql(withRows: string, built: string | undefined): string {
  return built === undefined ? withRows : `greatest(${withRows}, coalesce(${built}, 0))`;
}

/** What a measure is called in the answer: unique within its chart. */
export function measureName({ column, aggregate }: Measure): string {
  return `${column}_${howNamed(aggregate).replaceAll(' ', '_')}`;
}

function howNamed(aggregate: Measure['aggregate']): string {
  if (typeof aggregate === 'string') return aggregate;
  return 'per' in aggregate ? `per ${aggregate.per}` : `first ${aggregate.is}`;
}

const monthOf = (period: string) => `cast(date_trunc('month', ${period}) as date)`;

/** The axis as the answer's first columns: what to show, and what to order by. */
function axisColumns(table: Table, axis: Axis | undefined): { readonly sql: string; readonly as: string }[] {
  if (axis === undefined) return [];
  const period = name(table.eventTime);
  if (axis === 'period') return [{ sql: period, as: 'period' }];
  if (axis === 'month') return [{ sql: monthOf(period), as: 'period' }];
  return [
    { sql: name(axis.order), as: 'bucket_order' },
    { sql: name(axis.label), as: 'bucket' },
  ];
}

/**
 * The query whose answer a chart shows: its axis, what it is split by, and its measures, in this order. The newest periods come
 * first, and one row more than a chart shows: {@link shownRows} makes of it what is shown.
 */
export function chartQuery(chart: Chart, database: string, filters: Filters): ChartQuery {
  const { table, axis, measures, built, by = [] } = chart;
  const keys = [...axisColumns(table, axis), ...by.map((column) => ({ sql: name(column), as: column }))];
  const values = measures.map((measure) => ({
    sql: measureSql(table, measure, built === undefined ? undefined : `max(${name('built_periods')})`),
    as: measureName(measure),
  }));
  const { conditions, parameters } = conditionsOf(chart, filters);
  const ordinals = keys.map((_, at) => at + 1);
  const lines = [
    `select ${[...keys, ...values].map(({ sql, as }) => `${sql} as ${name(as)}`).join(', ')}`,
    `from ${name(database)}.${name(table.name)}`,
    ...(built === undefined ? [] : [builtPeriodsJoin(chart, built, database, filters)]),
    ...(conditions.length === 0 ? [] : [`where ${conditions.join(' and ')}`]),
    `group by ${ordinals.join(', ')}`,
    // A month that has not ended has days and no month.
    ...(axis === 'month' ? [`having ${values.map(({ sql }) => `${sql} is not null`).join(' and ')}`] : []),
    `order by ${orderOf(chart, ordinals)}`,
    `limit ${mostRows + 1}`,
  ];
  return { sql: lines.join('\n'), parameters };
}

/** Gives each row the number of periods that are built: those of the time range, or the days of its month within it. */
function builtPeriodsJoin(
  { axis, grain }: Chart,
  built: Table,
  database: string,
  { from, to, ...chosen }: Filters,
): string {
  const counted = axis === 'month' ? 'DAILY' : grain === 'chosen' || grain === 'all' ? chosen.grain : grain;
  const start = name(built.eventTime);
  const rows = [
    `from ${name(database)}.${name(built.name)}`,
    `where ${name(built.periodGrain ?? 'grain')} = ${text(counted)} and ${start} between ${date(from)} and ${date(to)}`,
  ].join(' ');
  const count = `count(*) as ${name('built_periods')}`;
  if (axis !== 'month') return `cross join (select ${count} ${rows}) built`;
  const month = name('built_month');
  const days = `select ${monthOf(start)} as ${month}, ${count} ${rows} group by 1`;
  return `left join (${days}) built on ${month} = ${monthOf(start)}`;
}

function orderOf(chart: Chart, ordinals: readonly number[]): string {
  if (hasPeriodAxis(chart)) return ordinals.map((ordinal) => `${ordinal} desc`).join(', ');
  return [...(chart.axis === undefined ? [`${ordinals.length + 1} desc`] : []), ...ordinals].join(', ');
}

/** The rows of a {@link chartQuery} in reading order, and whether there are more than a chart shows: older periods, or the end of a table. */
export function shownRows<Row extends readonly unknown[]>(
  chart: Chart,
  rows: readonly Row[],
): { readonly rows: readonly Row[]; readonly isCut: boolean } {
  const isCut = rows.length > mostRows;
  if (!hasPeriodAxis(chart)) return { rows: rows.slice(0, mostRows), isCut };
  // Of the period in which it was cut, rows are missing.
  const whole = isCut ? rows.filter(([period]) => period !== rows.at(-1)?.[0]) : rows;
  return { rows: (whole.length === 0 ? rows.slice(0, mostRows) : whole).toReversed(), isCut };
}

/** What each chart asks of every row, whatever the reader has chosen. */
export function fixedConditions({ table, where = {}, grain }: Chart): { column: string; value: string }[] {
  const fixed = Object.entries(where).map(([column, value]) => ({ column, value: String(value) }));
  if (grain === 'chosen' || grain === 'all' || table.periodGrain === undefined) return fixed;
  return [{ column: table.periodGrain, value: grain }, ...fixed];
}

function conditionsOf(chart: Chart, filters: Filters): { conditions: string[]; parameters: string[] } {
  const { table, grain, platforms } = chart;
  const conditions = fixedConditions(chart).map(({ column, value }) => `${name(column)} = ${text(value)}`);
  if (grain === 'chosen' && table.periodGrain !== undefined) {
    conditions.push(`${name(table.periodGrain)} = ${text(filters.grain)}`);
  }
  if (hasTimeRange(chart)) {
    conditions.push(`${name(table.eventTime)} between ${date(filters.from)} and ${date(filters.to)}`);
  }
  const wanted = platforms === 'one' ? [filters.platform] : platforms === 'compared' ? filters.compared : [];
  if (wanted.length === 0) return { conditions, parameters: [] };
  conditions.push(`${name('platform')} in (${wanted.map(() => '?').join(', ')})`);
  return { conditions, parameters: wanted.map(text) };
}

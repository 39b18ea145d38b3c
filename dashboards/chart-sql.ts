import type { Table } from '../core/catalogue/table.ts';
import { sqlText } from '../core/sql/value.ts';
import type { Axis, Chart, Measure, PeriodGrain } from './chart.ts';

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

/** More rows than this tell nobody anything, in a chart or in a table. */
const mostRows = 20_000;

/** A measure as an expression over the rows of one point. */
export function measureSql(table: Table, { column, aggregate }: Measure): string {
  const value = name(column);
  const period = name(table.eventTime);
  const of = (grain: PeriodGrain) =>
    `case when ${name(table.periodGrain ?? 'grain')} = ${text(grain)} then ${value} end`;
  // Nothing divided by nothing is nothing to show.
  if (typeof aggregate === 'object') {
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
      return `cast(sum(${value}) as double) / count(distinct ${period})`;
    case 'daily mean per monthly':
      return `avg(cast(${of('DAILY')} as double)) / max(${of('MONTHLY')})`;
  }
}

/** What a measure is called in the answer: unique within its chart. */
export function measureName({ column, aggregate }: Measure): string {
  const how = typeof aggregate === 'object' ? `per ${aggregate.per}` : aggregate;
  return `${column}_${how.replaceAll(' ', '_')}`;
}

/** The axis as the answer's first columns: what to show, and what to order by. */
function axisColumns(table: Table, axis: Axis | undefined): { readonly sql: string; readonly as: string }[] {
  if (axis === undefined) return [];
  const period = name(table.eventTime);
  if (axis === 'period') return [{ sql: period, as: 'period' }];
  if (axis === 'month') return [{ sql: `cast(date_trunc('month', ${period}) as date)`, as: 'period' }];
  return [
    { sql: name(axis.order), as: 'bucket_order' },
    { sql: name(axis.label), as: 'bucket' },
  ];
}

/** The query whose answer a chart shows: its axis, what it is split by, and its measures, in this order. */
export function chartQuery(chart: Chart, database: string, filters: Filters): ChartQuery {
  const { table, axis, measures, by = [] } = chart;
  const keys = [...axisColumns(table, axis), ...by.map((column) => ({ sql: name(column), as: column }))];
  const values = measures.map((measure) => ({ sql: measureSql(table, measure), as: measureName(measure) }));
  const { conditions, parameters } = conditionsOf(chart, filters);
  const ordinals = keys.map((_, at) => at + 1);
  const lines = [
    `select ${[...keys, ...values].map(({ sql, as }) => `${sql} as ${name(as)}`).join(', ')}`,
    `from ${name(database)}.${name(table.name)}`,
    ...(conditions.length === 0 ? [] : [`where ${conditions.join(' and ')}`]),
    `group by ${ordinals.join(', ')}`,
    // A month that has not ended has days and no month.
    ...(axis === 'month' ? [`having ${values.map(({ sql }) => `${sql} is not null`).join(' and ')}`] : []),
    `order by ${axis === undefined ? `${keys.length + 1} desc, ${ordinals.join(', ')}` : ordinals.join(', ')}`,
    `limit ${mostRows}`,
  ];
  return { sql: lines.join('\n'), parameters };
}

/** What each chart asks of every row, whatever the reader has chosen. */
export function fixedConditions({ table, where = {}, grain }: Chart): { column: string; value: string }[] {
  const fixed = Object.entries(where).map(([column, value]) => ({ column, value: String(value) }));
  if (grain === 'chosen' || grain === 'all' || table.periodGrain === undefined) return fixed;
  return [{ column: table.periodGrain, value: grain }, ...fixed];
}

function conditionsOf(chart: Chart, filters: Filters): { conditions: string[]; parameters: string[] } {
  const { table, grain, platforms, axis } = chart;
  const conditions = fixedConditions(chart).map(({ column, value }) => `${name(column)} = ${text(value)}`);
  if (grain === 'chosen' && table.periodGrain !== undefined) {
    conditions.push(`${name(table.periodGrain)} = ${text(filters.grain)}`);
  }
  if (axis !== undefined || grain === 'chosen') {
    conditions.push(`${name(table.eventTime)} between ${date(filters.from)} and ${date(filters.to)}`);
  }
  const wanted = platforms === 'one' ? [filters.platform] : platforms === 'compared' ? filters.compared : [];
  if (wanted.length === 0) return { conditions, parameters: [] };
  conditions.push(`${name('platform')} in (${wanted.map(() => '?').join(', ')})`);
  return { conditions, parameters: wanted.map(text) };
}

import { periodGrainName } from '../catalogue/predicate.ts';
import { columnOf, type Table } from '../catalogue/table.ts';
import { DeclarationError } from '../errors.ts';
import { type SqlValue, sqlText } from '../sql/value.ts';
import type { Grain, WeekStart } from '../window.ts';
import type { StatementContext } from './pipeline.ts';
import { sourceCountRows } from './source-counts.ts';

/**
 * SQL for the first day of the period that a date column belongs to. `date_trunc` knows weeks from Monday alone, so
 * that a week from Sunday is one day ahead, truncated, and moved back.
 */
export function periodStartOf(column: string, grain: Grain, weekStart: WeekStart): string {
  const name = sqlText({ type: 'identifier', value: column });
  switch (grain) {
    case 'day':
      return name;
    case 'week':
      return weekStart === 'monday'
        ? `cast(date_trunc('week', ${name}) as date)`
        : `cast(date_trunc('week', ${name} + interval '1' day) - interval '1' day as date)`;
    case 'month':
      return `cast(date_trunc('month', ${name}) as date)`;
    default:
      throw new DeclarationError(`Periods of a ${grain} do not start on a date.`);
  }
}

function bound(text: string, type: 'date' | 'timestamp'): SqlValue {
  if (type === 'date') return { type, value: text.slice(0, 10) };
  return { type, value: text.length === 10 ? `${text}T00:00:00Z` : text };
}

/**
 * The values that a statement of any pipeline may ask for: `from` and `to` of the window, what turns a day into the
 * period of the window's grain, whether the window is built for the first time, and how many records it was built from.
 *
 * @param eventTime type of the bounds: a date where tables are kept by day, else a timestamp.
 */
export function lakeParameters(
  { window, settings, firstBuild, sourceCounts }: StatementContext,
  eventTime: 'date' | 'timestamp',
): Record<string, SqlValue> {
  const { grain } = window;
  const values: Record<string, SqlValue> = {
    from: bound(window.from, eventTime),
    to: bound(window.to, eventTime),
    period_grain: { type: 'text', value: periodGrainName(grain) },
    first_build: { type: 'boolean', value: firstBuild === true },
    source_counts: sourceCountRows(sourceCounts ?? [], window),
  };
  if (grain === 'day' || grain === 'week' || grain === 'month') {
    const expression = (column: string): SqlValue => ({
      type: 'expression',
      value: periodStartOf(column, grain, settings.weekStart),
    });
    values.period_start = expression('dt');
    values.period_of_day = expression('period_start');
  }
  return values;
}

/** Whether a table's windows are bounded by dates or by timestamps. @throws DeclarationError for any other event time. */
export function boundType(table: Table): 'date' | 'timestamp' {
  const { type } = columnOf(table, table.eventTime);
  if (type === 'date' || type === 'timestamp') return type;
  throw new DeclarationError(`${table.name}: the event time is a ${type}; it has to be a date or a timestamp.`);
}

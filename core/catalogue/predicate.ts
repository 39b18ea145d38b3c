import { sqlText } from '../sql/value.ts';
import type { Grain, Window } from '../window.ts';
import { columnOf, type Table } from './table.ts';

/** How a window's grain is spelt in a table that holds several. */
export function periodGrainName(grain: Grain): string {
  const names: Record<Grain, string> = {
    minute: 'MINUTELY',
    hour: 'HOURLY',
    day: 'DAILY',
    week: 'WEEKLY',
    month: 'MONTHLY',
  };
  return names[grain];
}

/**
 * The condition that holds for exactly the rows of a table that belong to a window, and, with `except`, not to that
 * part of it. Rebuild, delete, compaction, retention and erasure all use this one, so that they agree on which rows a
 * window has. Bounds are literals: partition pruning works on nothing less.
 *
 * @param alias name of the table in the statement; default: its columns are not qualified.
 */
export function windowPredicate(
  table: Table,
  window: Window,
  options: { alias?: string; except?: Window } = {},
): string {
  const column = (name: string) => (options.alias === undefined ? `"${name}"` : `${options.alias}."${name}"`);
  const literal = boundOf(table);
  const time = column(table.eventTime);
  const within = (span: Window) => `${time} >= ${literal(span.from)} and ${time} < ${literal(span.to)}`;
  const conditions = [within(window)];
  if (table.periodGrain !== undefined) {
    conditions.unshift(`${column(table.periodGrain)} = '${periodGrainName(window.grain)}'`);
  }
  if (options.except !== undefined) conditions.push(`not (${within(options.except)})`);
  return conditions.join(' and ');
}

/** Writes a window's bound as a literal of the table's event-time type. */
function boundOf(table: Table): (bound: string) => string {
  return columnOf(table, table.eventTime).type === 'date'
    ? (bound) => sqlText({ type: 'date', value: bound.slice(0, 10) })
    : (bound) => sqlText({ type: 'timestamp', value: bound.length === 10 ? `${bound}T00:00:00Z` : bound });
}

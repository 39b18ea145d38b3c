import { DeclarationError } from '../errors.ts';
import { type Grain, windowAt } from '../window.ts';
import type { RecordCounts } from './period-inputs.ts';

/**
 * Reads the rows of a statement that counts a source's records, (table_name, period, record_count), into counts by the
 * period's start and the table. Counts of the same table and period, as one per file, add up.
 */
export function recordCounts(grain: Grain, rows: readonly Record<string, string | null>[]): RecordCounts {
  const counts: Record<string, Record<string, string>> = {};
  for (const { table_name, period, record_count } of rows) {
    if (typeof table_name !== 'string' || typeof period !== 'string' || typeof record_count !== 'string') {
      throw new DeclarationError('A count of source records needs the columns table_name, period and record_count.');
    }
    const at = period.length === 10 ? period : `${period.slice(0, 19).replace(' ', 'T')}Z`;
    const { from } = windowAt(grain, at);
    const tables = counts[from] ?? {};
    tables[table_name] = String(BigInt(tables[table_name] ?? 0) + BigInt(record_count));
    counts[from] = tables;
  }
  return counts;
}

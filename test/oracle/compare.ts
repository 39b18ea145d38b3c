import type { Column, Table } from '../../core/catalogue/table.ts';
import type { Row } from './row.ts';

const SHOWN = 20;
const TOLERANCE = 1e-12;

/**
 * Says how actual rows differ from expected ones, both canonical: a line per missing, surplus, repeated or different row,
 * twenty at most and then their number; empty when they agree. Compares the columns that each expected row has;
 * `keys` are columns that identify a row. Doubles may be a relative 1e-12 apart.
 */
export function diff(expected: readonly Row[], actual: readonly Row[], keys: readonly string[]): string[] {
  const keyOf = (row: Row) => keys.map((key) => `${key}=${show(row[key])}`).join(' ');
  const lines = [...repeated(expected.map(keyOf), 'expected'), ...repeated(actual.map(keyOf), 'found')];
  const found = new Map(actual.map((row) => [keyOf(row), row]));
  const wanted = new Map(expected.map((row) => [keyOf(row), row]));
  for (const [key, row] of wanted) {
    const other = found.get(key);
    if (other === undefined) lines.push(`missing: ${key}`);
    else lines.push(...differentColumns(key, row, other));
  }
  for (const key of found.keys()) if (!wanted.has(key)) lines.push(`not expected: ${key}`);
  return lines.length > SHOWN ? [...lines.slice(0, SHOWN), `and ${lines.length - SHOWN} more differences`] : lines;
}

function repeated(keys: readonly string[], where: string): string[] {
  const counts = new Map<string, number>();
  for (const key of keys) counts.set(key, (counts.get(key) ?? 0) + 1);
  return [...counts].filter(([, count]) => count > 1).map(([key, count]) => `${where} ${count} times: ${key}`);
}

function differentColumns(key: string, expected: Row, actual: Row): string[] {
  const wrong = Object.keys(expected).filter((column) => !same(expected[column], actual[column]));
  if (wrong.length === 0) return [];
  const details = wrong.map((column) => `${column} is ${show(actual[column])}, expected ${show(expected[column])}`);
  return [`different: ${key}: ${details.join('; ')}`];
}

function same(a: unknown, b: unknown): boolean {
  if (typeof a !== 'number' || typeof b !== 'number') return a === b;
  return Object.is(a, b) || Math.abs(a - b) <= TOLERANCE * Math.max(Math.abs(a), Math.abs(b));
}

function show(value: unknown): string {
  if (value === undefined) return 'absent';
  return typeof value === 'bigint' ? String(value) : JSON.stringify(value);
}

/**
 * Brings rows of any engine or file into canonical form, by the types of the table's columns.
 * @throws Error when a row has a column that the table lacks, or a value that is not of the column's type.
 */
export function canonical(table: Table, rows: readonly Readonly<Record<string, unknown>>[]): Row[] {
  const columns = new Map(table.columns.map((column) => [column.name, column]));
  return rows.map((row) =>
    Object.fromEntries(
      Object.entries(row).map(([name, value]) => {
        const column = columns.get(name);
        if (column === undefined) throw new Error(`${table.name} has no column ${name}`);
        return [name, value === null ? null : canonicalValue(column, value)];
      }),
    ),
  );
}

function canonicalValue({ name, type }: Column, value: unknown): string | number | bigint {
  const text = value instanceof Date ? value.toISOString() : String(value);
  if (type === 'string') return text;
  if (type === 'bigint' && /^-?\d+$/.test(text)) return BigInt(text);
  if (type === 'double' && text !== '' && !Number.isNaN(Number(text))) return Number(text);
  if (type === 'date' && /^\d{4}-\d\d-\d\d([T ]00:00:00.*)?$/.test(text)) return text.slice(0, 10);
  if (type === 'timestamp') {
    const [, day, time, fraction = ''] = /^(\S{10})[T ](\d\d:\d\d:\d\d)(?:\.(\d+))?(?:Z| UTC|\+00)?$/.exec(text) ?? [];
    if (day !== undefined) return `${day} ${time}.${fraction.replace(/(?<=^.{3}.*)0+$/, '').padEnd(3, '0')}`;
  }
  if (type.startsWith('decimal')) {
    const [, sign, whole, fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,9})0*)?$/.exec(text) ?? [];
    if (whole !== undefined) return `${sign}${BigInt(whole)}.${fraction.padEnd(9, '0')}`;
  }
  throw new Error(`${name}: ${text} is no ${type}`);
}

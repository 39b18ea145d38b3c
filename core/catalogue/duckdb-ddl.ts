import type { ColumnType, Table } from './table.ts';

/** The DuckDB spelling of a column type: only `string` differs. */
export function duckdbType(type: ColumnType): string {
  return type === 'string' ? 'varchar' : type;
}

/** DuckDB's DDL of a table, without schema, idempotent. Partitions have no counterpart: DuckDB skips row groups by their minima and maxima. */
export function duckdbDdl(table: Table): string {
  const columns = table.columns.map((column) => `  "${column.name}" ${duckdbType(column.type)}`);
  return `create table if not exists "${table.name}" (\n${columns.join(',\n')}\n)`;
}

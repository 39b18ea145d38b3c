import { z } from 'zod';
import type { EngineTable } from './engine.ts';
import { quoteString } from './sql-text.ts';
import type { TrinoClient, TrinoValue } from './trino-client.ts';
import { hiveTypeOf } from './trino-types.ts';

const columnRow = z.tuple([z.string(), z.string(), z.string(), z.string().nullable()]);
const tableRow = z.tuple([z.string(), z.string(), z.string().nullable()]);

/** The tables of a database as Trino's catalogue has them, in order of name. */
export async function trinoTables(client: TrinoClient, database: string, signal: AbortSignal): Promise<EngineTable[]> {
  const rowsOf = async (sql: string) => {
    const rows: (readonly TrinoValue[])[] = [];
    await client.run(sql, { database, signal, onRows: (page) => rows.push(...page) });
    return rows;
  };
  const schema = quoteString(database);
  const tables = await rowsOf(
    `select t.table_name, t.table_type, c.comment from information_schema.tables t
     left join system.metadata.table_comments c
       on c.catalog_name = t.table_catalog and c.schema_name = t.table_schema and c.table_name = t.table_name
       and c.catalog_name = current_catalog and c.schema_name = ${schema}
     where t.table_schema = ${schema} order by 1`,
  );
  const columns = await rowsOf(
    `select table_name, column_name, data_type, comment from information_schema.columns
     where table_schema = ${schema} order by table_name, ordinal_position`,
  );
  const columnsOf = Map.groupBy(
    columns.map((row) => columnRow.parse(row)),
    ([table]) => table,
  );
  return tables.map((row) => {
    const [name, type, description] = tableRow.parse(row);
    return {
      name,
      description: description ?? '',
      columns: (columnsOf.get(name) ?? []).map(([, column, columnType, comment]) => ({
        name: column,
        type: hiveTypeOf(columnType),
        description: comment ?? '',
      })),
      partitionedBy: [],
      isView: type === 'VIEW',
    };
  });
}

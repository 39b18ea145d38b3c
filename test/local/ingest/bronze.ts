import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import type { FieldKind } from '../../../core/catalogue/topic.ts';
import { chatTopic } from '../../../core/chat/topics.ts';

const typeOfKind: Record<FieldKind, string> = {
  text: 'varchar',
  tokens: 'bigint',
  cost: 'decimal(18,9)',
  instant: 'timestamp',
  day: 'date',
};

export const tables = { schema: 'lake', accepted: 'bronze_chat_events', rejected: 'bronze_rejected_records' };

/** A connection to a database that has the chat topic's bronze table, its columns in reverse, and that of the rejected records. */
export async function emptyBronze(path: string): Promise<DuckDBConnection> {
  const connection = await openBronze(path);
  const columns = chatTopic.fields.map((field) => `"${field.name}" ${typeOfKind[field.kind]}`);
  await connection.run('create schema lake');
  await connection.run(`create table lake.bronze_chat_events (${columns.reverse().join(', ')})`);
  await connection.run(
    `create table lake.bronze_rejected_records
     (topic varchar, partition bigint, "offset" bigint, dt date, ingested_at timestamp, field varchar, reason varchar)`,
  );
  return connection;
}

export async function openBronze(path: string): Promise<DuckDBConnection> {
  return (await DuckDBInstance.create(path)).connect();
}

/** The rows of a query, every value as DuckDB spells it. */
export async function rowsOf(connection: DuckDBConnection, sql: string): Promise<(string | null)[][]> {
  const reader = await connection.runAndReadAll(`select columns(*)::varchar from (${sql})`);
  return reader.getRows().map((row) => row.map((value) => (value === null ? null : String(value))));
}

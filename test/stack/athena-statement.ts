import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { type AthenaClient, paginateGetQueryResults } from '@aws-sdk/client-athena';
import type { Engine, StatementStatistics } from '../../core/lake/engine.ts';

/** Runs one statement to its end and returns its id and what it cost. @throws Error with the engine's code when it fails. */
export async function runStatement(
  engine: Engine,
  sql: string,
): Promise<{ readonly id: string; readonly statistics: StatementStatistics }> {
  const id = await engine.start(sql, randomUUID());
  for (let status = await engine.status(id); ; status = await engine.status(id)) {
    if (status.state === 'succeeded') return { id, statistics: status.statistics };
    if ('code' in status) throw new Error(`${status.code}: ${sql.slice(0, 300)}`);
    await sleep(5);
  }
}

/** Runs a query and returns all its rows as text. */
export async function rowsOf(
  client: AthenaClient,
  engine: Engine,
  sql: string,
): Promise<Record<string, string | null>[]> {
  const { id } = await runStatement(engine, sql);
  const rows: Record<string, string | null>[] = [];
  let names: string[] | undefined;
  for await (const page of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
    const columns = (page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => column.Name ?? '');
    const data = page.ResultSet?.Rows ?? [];
    // The first row of the first page holds the column names.
    for (const { Data } of names === undefined ? data.slice(1) : data) {
      rows.push(Object.fromEntries(columns.map((name, index) => [name, Data?.[index]?.VarCharValue ?? null])));
    }
    names = columns;
  }
  return rows;
}

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  type QueryExecution,
  type Row,
  StartQueryExecutionCommand,
  type StartQueryExecutionCommandInput,
} from '@aws-sdk/client-athena';
import { defineTable } from '../../../core/catalogue/table.ts';
import { DuckDbEngine, type DuckDbEngineOptions } from '../../../local/athena/duckdb-engine.ts';
import { serveAthena } from '../../../local/athena/endpoint.ts';

export const visits = defineTable({
  name: 'visits',
  layer: 'bronze',
  description: 'Visits of users.',
  grain: ['visit_id'],
  columns: [
    { name: 'visit_id', type: 'bigint', description: 'Number of the visit.' },
    {
      name: 'user_id',
      type: 'string',
      description: 'Who came.',
      identifies: { kind: 'user', onErasure: 'delete row' },
    },
    { name: 'timestamp', type: 'timestamp', description: 'When.' },
    { name: 'cost', type: 'decimal(38,9)', description: 'USD.' },
    { name: 'dt', type: 'date', description: 'The day.' },
  ],
  eventTime: 'timestamp',
  partition: [{ transform: 'identity', column: 'dt' }],
  retention: 'days',
});

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true });
});

/** A folder that is gone after the tests of the file. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'lethe-test-'));
  folders.push(folder);
  return folder;
}

/** An engine with the one table, and the endpoint in front of it, with a client of the AWS SDK. */
export async function openLake(directory: string, options: Partial<DuckDbEngineOptions> = {}) {
  const engine = await DuckDbEngine.open({ directory, database: 'lake', tables: [visits], ...options });
  const endpoint = await serveAthena({ engine, database: 'lake' });
  const client = clientOf(endpoint.url);
  return {
    engine,
    endpoint,
    client,
    async close() {
      client.destroy();
      await endpoint.close();
      await engine.close();
    },
  };
}

export function clientOf(url: string): AthenaClient {
  const credentials = { accessKeyId: 'local', secretAccessKey: 'local' };
  return new AthenaClient({ endpoint: url, region: 'local', credentials });
}

/** Starts a statement and polls until it has ended. */
export async function runToEnd(
  client: AthenaClient,
  input: StartQueryExecutionCommandInput | string,
): Promise<QueryExecution> {
  const request = typeof input === 'string' ? { QueryString: input } : input;
  const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand(request));
  return waitToEnd(client, QueryExecutionId);
}

/** Polls until a statement has ended. */
export async function waitToEnd(client: AthenaClient, QueryExecutionId: string | undefined): Promise<QueryExecution> {
  while (true) {
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = QueryExecution?.Status?.State;
    if (QueryExecution !== undefined && state !== 'QUEUED' && state !== 'RUNNING') return QueryExecution;
  }
}

/** The rows of an ended statement from all pages, the labels first; null for NULL. */
export async function rowsOf(client: AthenaClient, execution: QueryExecution): Promise<(string | null)[][]> {
  const rows: Row[] = [];
  const { QueryExecutionId } = execution;
  for await (const page of paginateGetQueryResults({ client }, { QueryExecutionId }))
    rows.push(...(page.ResultSet?.Rows ?? []));
  return rows.map((row) => (row.Data ?? []).map((datum) => datum.VarCharValue ?? null));
}

/** The rows of a SELECT without its labels. */
export async function select(client: AthenaClient, sql: string): Promise<(string | null)[][]> {
  const execution = await runToEnd(client, sql);
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  return (await rowsOf(client, execution)).slice(1);
}

import { setTimeout as sleep } from 'node:timers/promises';
import {
  AthenaClient,
  GetQueryExecutionCommand,
  type GetQueryResultsCommandOutput,
  InvalidRequestException,
  paginateGetQueryResults,
  type QueryExecution,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { InputError, StatementFailed } from '../../core/errors.ts';

/** A column of an answer; `type` in Athena's words: `bigint`, `decimal`, `varchar` … */
export interface AnswerColumn {
  readonly name: string;
  readonly type: string;
}

/** Cells are texts as Athena writes them, null for NULL. */
export type AnswerRow = readonly (string | null)[];

/** What a statement came to. */
export interface Answer {
  readonly columns: readonly AnswerColumn[];
  /** Pages of rows in order, each fetched when it is asked for; to be read once. */
  readonly pages: AsyncIterable<readonly AnswerRow[]>;
  /** Rows written, for a statement that writes. Default: it reads. */
  readonly rowsChanged?: number;
}

/** Where statements are sent. */
export interface AthenaAddress {
  readonly endpointUrl: string;
  readonly database: string;
}

/**
 * Runs one statement through the Athena API and gives its answer page by page.
 *
 * @throws InputError with Athena's message when the statement is at fault; StatementFailed when the engine is.
 */
export async function askAthena({ endpointUrl, database }: AthenaAddress, sql: string): Promise<Answer> {
  const client = new AthenaClient({
    endpoint: endpointUrl,
    region: 'us-east-1',
    // The local endpoint reads no signature, but the SDK wants something to sign with.
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });
  try {
    const execution = await runToEnd(client, sql, database);
    const pages = paginateGetQueryResults({ client }, { QueryExecutionId: execution.QueryExecutionId });
    const first = await pages.next();
    if (first.done === true) throw new StatementFailed('The engine gave no result.');
    const isSelect = execution.SubstatementType === 'SELECT';
    const columns = columnsOf(first.value);
    return {
      columns: isWrite(execution) ? [] : columns,
      pages: rowsOf(client, first.value, pages, isSelect),
      ...(isWrite(execution) ? { rowsChanged: first.value.UpdateCount ?? 0 } : {}),
    };
  } catch (error) {
    client.destroy();
    throw error instanceof InvalidRequestException ? new InputError(error.message) : error;
  }
}

async function runToEnd(client: AthenaClient, sql: string, database: string): Promise<QueryExecution> {
  const { QueryExecutionId } = await client.send(
    new StartQueryExecutionCommand({ QueryString: sql, QueryExecutionContext: { Database: database } }),
  );
  for (let pause = 5; ; pause = Math.min(pause * 2, 500)) {
    const { QueryExecution: execution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    const state = execution?.Status?.State;
    if (execution !== undefined && state === 'SUCCEEDED') return execution;
    if (state === 'FAILED' || state === 'CANCELLED') throw failure(execution);
    await sleep(pause);
  }
}

/** Athena's error categories: 1 system, 2 user, 3 other. */
function failure(execution: QueryExecution | undefined): Error {
  const status = execution?.Status;
  const text = status?.StateChangeReason ?? 'The statement was cancelled.';
  return status?.AthenaError?.ErrorCategory === 2 ? new InputError(text) : new StatementFailed(text);
}

function isWrite({ SubstatementType: kind }: QueryExecution): boolean {
  return kind === 'INSERT' || kind === 'UPDATE' || kind === 'DELETE' || kind === 'MERGE';
}

function columnsOf(page: GetQueryResultsCommandOutput): AnswerColumn[] {
  const columns = page.ResultSet?.ResultSetMetadata?.ColumnInfo ?? [];
  return columns.map((column) => ({ name: column.Name ?? '', type: column.Type ?? 'varchar' }));
}

async function* rowsOf(
  client: AthenaClient,
  first: GetQueryResultsCommandOutput,
  rest: AsyncIterable<GetQueryResultsCommandOutput>,
  labelled: boolean,
): AsyncGenerator<AnswerRow[]> {
  try {
    // A SELECT's first row repeats the columns' names.
    yield cellsOf(first).slice(labelled ? 1 : 0);
    for await (const page of rest) yield cellsOf(page);
  } finally {
    client.destroy();
  }
}

function cellsOf(page: GetQueryResultsCommandOutput): AnswerRow[] {
  return (page.ResultSet?.Rows ?? []).map((row) => (row.Data ?? []).map((cell) => cell.VarCharValue ?? null));
}

/** All rows of a short answer, each as its cells by column name. */
export async function rowsByName(answer: Answer): Promise<Record<string, string | null>[]> {
  const rows: Record<string, string | null>[] = [];
  for await (const page of answer.pages) {
    for (const cells of page) {
      rows.push(Object.fromEntries(answer.columns.map(({ name }, at) => [name, cells[at] ?? null])));
    }
  }
  return rows;
}

import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Execution, Executions } from './executions.ts';
import { invalidRequest } from './request-error.ts';

/** Athena's bound on a page of results, and its default. */
const maxPageRows = 1_000;

/**
 * How long an answer waits for a statement that is about to end. Athena itself answers at once; but a caller that sees RUNNING
 * sleeps, up to a second in some clients, and most statements here end within milliseconds.
 */
const settleMillis = 200;

const startSchema = z.object({
  QueryString: z.string().min(1),
  ClientRequestToken: z.string().min(32).max(128).optional(),
  QueryExecutionContext: z.object({ Database: z.string().optional(), Catalog: z.string().optional() }).optional(),
  ResultConfiguration: z.object({ OutputLocation: z.string().optional() }).optional(),
  WorkGroup: z
    .string()
    .regex(/^[a-zA-Z0-9._-]{1,128}$/)
    .optional(),
  ExecutionParameters: z.array(z.string().min(1).max(1024)).optional(),
});

const idSchema = z.object({ QueryExecutionId: z.string() });
const pageSchema = z.object({
  QueryExecutionId: z.string(),
  NextToken: z.string().optional(),
  MaxResults: z.int().min(1).max(maxPageRows).default(maxPageRows),
});

/** Athena's operations on statements. Each takes the request's JSON and answers with the response's. */
export function statementOperations(executions: Executions, defaultDatabase: string) {
  return {
    async StartQueryExecution(input: unknown) {
      const request = startSchema.parse(input);
      const execution = executions.start(
        {
          sql: request.QueryString,
          parameters: request.ExecutionParameters ?? [],
          database: request.QueryExecutionContext?.Database?.toLowerCase() ?? defaultDatabase,
          catalogue: request.QueryExecutionContext?.Catalog ?? 'awsdatacatalog',
          workGroup: request.WorkGroup ?? 'primary',
          outputLocation: request.ResultConfiguration?.OutputLocation,
        },
        request.ClientRequestToken,
      );
      return { QueryExecutionId: execution.id };
    },
    async GetQueryExecution(input: unknown) {
      const execution = executions.get(idSchema.parse(input).QueryExecutionId);
      await settled(execution);
      return { QueryExecution: describeExecution(execution) };
    },
    async BatchGetQueryExecution(input: unknown) {
      const { QueryExecutionIds } = z.object({ QueryExecutionIds: z.array(z.string()).min(1).max(50) }).parse(input);
      const known = new Set(executions.ids());
      return {
        QueryExecutions: QueryExecutionIds.filter((id) => known.has(id)).map((id) =>
          describeExecution(executions.get(id)),
        ),
        UnprocessedQueryExecutionIds: QueryExecutionIds.filter((id) => !known.has(id)).map((id) => ({
          QueryExecutionId: id,
          ErrorCode: 'INVALID_QUERY_EXECUTION_ID',
          ErrorMessage: `QueryExecution ${id} was not found`,
        })),
      };
    },
    async ListQueryExecutions(input: unknown) {
      const page = z
        .object({ NextToken: z.string().optional(), MaxResults: z.int().min(1).max(50).default(50) })
        .parse(input);
      const ids = executions.ids();
      const from = page.NextToken === undefined ? 0 : ids.indexOf(page.NextToken);
      const next = ids[from + page.MaxResults];
      return {
        QueryExecutionIds: ids.slice(from, from + page.MaxResults),
        ...(next === undefined ? {} : { NextToken: next }),
      };
    },
    async StopQueryExecution(input: unknown) {
      await settled(executions.stop(idSchema.parse(input).QueryExecutionId));
      return {};
    },
    async GetQueryResults(input: unknown) {
      const page = pageSchema.parse(input);
      return resultPage(executions.get(page.QueryExecutionId), page.NextToken, page.MaxResults);
    },
    async GetQueryRuntimeStatistics(input: unknown) {
      const execution = executions.get(idSchema.parse(input).QueryExecutionId);
      const { ResultReuseInformation, DataScannedInBytes, ...timeline } = statisticsOf(execution);
      const rows = { InputBytes: DataScannedInBytes, OutputRows: execution.result?.rows.count ?? 0 };
      return { QueryRuntimeStatistics: { Timeline: timeline, Rows: rows } };
    },
  };
}

/** Waits until a statement has ended, and no longer than {@link settleMillis}. */
async function settled(execution: Execution): Promise<void> {
  if (execution.endedAt !== undefined) return;
  const timer = new AbortController();
  await Promise.race([
    execution.ended,
    sleep(settleMillis, undefined, { signal: timer.signal }).catch(() => undefined),
  ]);
  timer.abort();
}

function statisticsOf(execution: Execution) {
  const end = execution.endedAt ?? Date.now();
  const start = execution.startedAt ?? end;
  return {
    EngineExecutionTimeInMillis: end - start,
    DataScannedInBytes: execution.result?.bytesScanned ?? 0,
    TotalExecutionTimeInMillis: end - execution.submittedAt,
    QueryQueueTimeInMillis: start - execution.submittedAt,
    ServicePreProcessingTimeInMillis: 0,
    QueryPlanningTimeInMillis: 0,
    ServiceProcessingTimeInMillis: 0,
    ResultReuseInformation: { ReusedPreviousResult: false },
  };
}

function describeExecution(execution: Execution) {
  const { request, error, endedAt } = execution;
  const isFailed = execution.state === 'FAILED' && error !== undefined;
  return {
    QueryExecutionId: execution.id,
    Query: request.sql,
    StatementType: execution.kind.type,
    SubstatementType: execution.kind.substatement,
    ...(request.outputLocation === undefined
      ? {}
      : {
          ResultConfiguration: { OutputLocation: `${request.outputLocation.replace(/\/?$/, '/')}${execution.id}.csv` },
        }),
    ResultReuseConfiguration: { ResultReuseByAgeConfiguration: { Enabled: false } },
    QueryExecutionContext: { Database: request.database, Catalog: request.catalogue },
    Status: {
      State: execution.state,
      ...(isFailed ? { StateChangeReason: error.message } : {}),
      ...(execution.state === 'CANCELLED' ? { StateChangeReason: 'Query cancelled by user' } : {}),
      SubmissionDateTime: execution.submittedAt / 1000,
      ...(endedAt === undefined ? {} : { CompletionDateTime: endedAt / 1000 }),
      ...(isFailed
        ? {
            AthenaError: {
              ErrorCategory: error.category,
              ErrorType: error.type,
              Retryable: error.retryable,
              ErrorMessage: error.message,
            },
          }
        : {}),
    },
    Statistics: statisticsOf(execution),
    WorkGroup: request.workGroup,
    EngineVersion: { SelectedEngineVersion: 'AUTO', EffectiveEngineVersion: 'Athena engine version 3' },
    ...(request.parameters.length === 0 ? {} : { ExecutionParameters: request.parameters }),
  };
}

function resultPage(execution: Execution, nextToken: string | undefined, maxRows: number) {
  const { result, state } = execution;
  if (state === 'QUEUED' || state === 'RUNNING') {
    throw invalidRequest(`Query has not yet finished. Current state: ${state}`, 'INVALID_QUERY_STATE');
  }
  if (result === undefined || state !== 'SUCCEEDED') {
    throw invalidRequest(`Query did not finish successfully. Final query state: ${state}`, 'INVALID_QUERY_STATE');
  }
  // The first row of a SELECT's first page are the labels, and counts as one of its rows.
  const headers = execution.kind.substatement === 'SELECT' ? 1 : 0;
  const from = nextToken === undefined ? 0 : rowOfToken(nextToken, execution.id);
  const to = from + maxRows;
  const labels = headers === 1 && from === 0 ? [result.columns.map((column) => column.name)] : [];
  const rows = [...labels, ...result.rows.slice(Math.max(from - headers, 0), to - headers)];
  return {
    UpdateCount: result.updateCount ?? 0,
    ResultSet: {
      Rows: rows.map((row) => ({ Data: row.map((cell) => (cell === null ? {} : { VarCharValue: cell })) })),
      ResultSetMetadata: { ColumnInfo: result.columns.map(columnInfo) },
    },
    ...(to < result.rows.count + headers ? { NextToken: `${execution.id}:${to}` } : {}),
  };
}

function rowOfToken(token: string, id: string): number {
  const [, owner, row] = /^(.+):(\d+)$/.exec(token) ?? [];
  if (owner !== id || row === undefined) throw invalidRequest('Invalid NextToken', 'INVALID_INPUT');
  return Number(row);
}

function columnInfo(column: { name: string; type: string; precision: number; scale: number }) {
  return {
    CatalogName: 'hive',
    SchemaName: '',
    TableName: '',
    Name: column.name,
    Label: column.name,
    Type: column.type,
    Precision: column.precision,
    Scale: column.scale,
    Nullable: 'UNKNOWN',
    CaseSensitive: column.type === 'varchar' || column.type === 'string',
  };
}

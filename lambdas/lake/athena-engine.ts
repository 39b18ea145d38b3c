import { createHash } from 'node:crypto';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  InvalidRequestException,
  paginateGetQueryResults,
  type QueryExecution,
  type ResultSet,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { StatementRefused } from '../../core/errors.ts';
import type { Engine, StatementStatistics, StatementStatus } from '../../core/lake/engine.ts';
import { timedOut } from '../../core/lake/rewrite-span.ts';

export interface AthenaEngineProps {
  readonly client: AthenaClient;
  readonly workGroup: string;
  readonly database: string;
}

/** Engine codes that a later attempt of the same statement may not meet again. */
const passingCodes = new Set([
  'ICEBERG_COMMIT_ERROR',
  'THROTTLING_EXCEPTION',
  'TOO_MANY_REQUESTS_EXCEPTION',
  'GENERIC_INTERNAL_ERROR',
  'CLUSTER_OUT_OF_MEMORY',
  'EXCEEDED_RESOURCES_AT_THIS_SCALE_FACTOR',
  'NO_NODES_AVAILABLE',
  'SLOW_DOWN',
]);

/** Athena as the engine of a pipeline. What it says about a failure is reduced to a code, since its texts can hold row values. */
export class AthenaEngine implements Engine {
  readonly #props: AthenaEngineProps;

  constructor(props: AthenaEngineProps) {
    this.#props = props;
  }

  async start(sql: string, token: string): Promise<string> {
    const { client, workGroup, database } = this.#props;
    const command = new StartQueryExecutionCommand({
      QueryString: sql,
      // Athena knows a token in its whole region, and environments ask the same questions at the same time.
      ClientRequestToken: createHash('sha256').update([workGroup, database, token].join('\n')).digest('hex'),
      WorkGroup: workGroup,
      QueryExecutionContext: { Database: database },
    });
    const { QueryExecutionId } = await client.send(command).catch((error: unknown) => {
      throw isRefusal(error) ? new StatementRefused('SYNTAX_ERROR') : error;
    });
    if (QueryExecutionId === undefined) throw new Error('Athena started a statement without naming it');
    return QueryExecutionId;
  }

  async status(id: string): Promise<StatementStatus> {
    const { QueryExecution } = await this.#props.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const state = QueryExecution?.Status?.State;
    switch (state) {
      case 'QUEUED':
        return { state: 'queued' };
      case 'RUNNING':
        return { state: 'running' };
      case 'SUCCEEDED':
        return { state: 'succeeded', statistics: statisticsOf(QueryExecution) };
      case 'FAILED':
        return { state: 'failed', statistics: statisticsOf(QueryExecution), ...failureOf(QueryExecution) };
      case 'CANCELLED':
        // The workgroup's limit ends a statement in the same way as somebody would; it would end each repeat too.
        return /bytes scanned limit/i.test(QueryExecution?.Status?.StateChangeReason ?? '')
          ? { state: 'failed', statistics: statisticsOf(QueryExecution), code: 'SCAN_LIMIT_EXCEEDED', passing: false }
          : { state: 'cancelled', statistics: statisticsOf(QueryExecution), code: 'CANCELLED', passing: true };
      default:
        throw new Error(`Athena reports the unknown state ${state} for statement ${id}`);
    }
  }

  async rows(id: string, most: number): Promise<Record<string, string | null>[]> {
    // One more than asked for: the first row of a query's results holds the column names.
    const { ResultSet } = await this.#props.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: Math.min(most + 1, 1000) }),
    );
    return rowsOf(ResultSet, 1);
  }

  async allRows(id: string): Promise<Record<string, string | null>[]> {
    const { client } = this.#props;
    const found: Record<string, string | null>[] = [];
    let isFirst = true;
    for await (const { ResultSet } of paginateGetQueryResults({ client }, { QueryExecutionId: id })) {
      found.push(...rowsOf(ResultSet, isFirst ? 1 : 0));
      isFirst = false;
    }
    return found;
  }

  async rowsChanged(id: string): Promise<number | undefined> {
    const { UpdateCount } = await this.#props.client.send(
      new GetQueryResultsCommand({ QueryExecutionId: id, MaxResults: 1 }),
    );
    return UpdateCount;
  }
}

/**
 * Whether Athena could not parse a statement, which it says at its start: "line 1:10: mismatched input …", with the code
 * MALFORMED_QUERY. Of other invalid requests, such as a token of another statement, the text is not to blame.
 */
function isRefusal(error: unknown): boolean {
  if (!(error instanceof InvalidRequestException)) return false;
  const isAboutText = /^(line \d+:\d+: |Queries of this type are not supported)/.test(error.message);
  return error.AthenaErrorCode === 'MALFORMED_QUERY' || isAboutText;
}

/** @param heading rows at the beginning that hold the columns' names: one on the first page of a query's results. */
function rowsOf(results: ResultSet | undefined, heading: number): Record<string, string | null>[] {
  const names = (results?.ResultSetMetadata?.ColumnInfo ?? []).map((column) => column.Name ?? '');
  return (results?.Rows ?? [])
    .slice(heading)
    .map(({ Data }) => Object.fromEntries(names.map((name, index) => [name, Data?.[index]?.VarCharValue ?? null])));
}

function statisticsOf(execution: QueryExecution | undefined): StatementStatistics {
  return {
    bytesScanned: execution?.Statistics?.DataScannedInBytes ?? 0,
    engineMillis: execution?.Statistics?.EngineExecutionTimeInMillis ?? 0,
  };
}

function failureOf(execution: QueryExecution | undefined): { code: string; passing: boolean } {
  const { StateChangeReason, AthenaError } = execution?.Status ?? {};
  const [, maintenance] = /^\s*(optimize|vacuum)\s/i.exec(execution?.Query ?? '') ?? [];
  // Athena's 30 minutes are over. Files that VACUUM has deleted are gone, and the next run goes on; OPTIMIZE is one transaction.
  if (maintenance !== undefined && /^query timeout/i.test(StateChangeReason ?? '')) {
    const code = /^vacuum$/i.test(maintenance) ? 'ICEBERG_VACUUM_MORE_RUNS_NEEDED' : timedOut;
    return { code, passing: false };
  }
  // Statements of DDL are Hive's: "FAILED: ParseException line 1:0 ...", "FAILED: Execution Error, return code 1 from ...".
  const [, ddl] = /^FAILED: (\w+Exception|Execution Error)\b/.exec(StateChangeReason ?? '') ?? [];
  if (ddl !== undefined) return { code: `DDL_${ddl.replace(' ', '')}`, passing: AthenaError?.Retryable === true };
  const named = /^([A-Z][A-Z0-9_]+)(:|$)/.exec(StateChangeReason ?? '')?.[1];
  const code = named ?? `ATHENA_ERROR_${AthenaError?.ErrorCategory ?? 0}_${AthenaError?.ErrorType ?? 0}`;
  return { code, passing: AthenaError?.Retryable === true || passingCodes.has(code) };
}

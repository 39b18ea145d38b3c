import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  GetQueryExecutionCommand,
  paginateGetQueryResults,
  StartQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { StatementFailed } from '../../core/errors.ts';
import type { ChartQuery } from '../../dashboards/chart-sql.ts';
import type { Cell, ChartAnswer } from './answers.ts';

const numeric = new Set(['tinyint', 'smallint', 'integer', 'bigint', 'float', 'double', 'decimal']);

/** Runs a query through the Athena API. Numbers become JSON numbers: a chart needs no more than fifteen digits. @throws StatementFailed with the statement's id, never the engine's text. */
export async function readQuery(
  athena: AthenaClient,
  database: string,
  { sql, parameters }: ChartQuery,
): Promise<ChartAnswer> {
  const { QueryExecutionId } = await athena.send(
    new StartQueryExecutionCommand({
      QueryString: sql,
      QueryExecutionContext: { Database: database },
      ...(parameters.length === 0 ? {} : { ExecutionParameters: [...parameters] }),
    }),
  );
  await untilSucceeded(athena, QueryExecutionId);
  const rows: Cell[][] = [];
  let columns: { name: string; isNumber: boolean }[] = [];
  for await (const { ResultSet } of paginateGetQueryResults({ client: athena }, { QueryExecutionId })) {
    const isFirst = columns.length === 0;
    if (isFirst) {
      columns = (ResultSet?.ResultSetMetadata?.ColumnInfo ?? []).map(({ Name, Type }) => ({
        name: Name ?? '',
        isNumber: numeric.has(Type ?? ''),
      }));
    }
    // The first row of all repeats the columns' names.
    for (const { Data } of (ResultSet?.Rows ?? []).slice(isFirst ? 1 : 0)) {
      rows.push(columns.map(({ isNumber }, at) => cellOf(Data?.[at]?.VarCharValue, isNumber)));
    }
  }
  return { columns: columns.map(({ name }) => name), rows };
}

function cellOf(text: string | undefined, isNumber: boolean): Cell {
  if (text === undefined) return null;
  if (!isNumber) return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

async function untilSucceeded(athena: AthenaClient, id: string | undefined): Promise<void> {
  // Most queries on gold take some ten milliseconds.
  for (let pause = 3; ; pause = Math.min(pause * 1.5, 500)) {
    const { QueryExecution } = await athena.send(new GetQueryExecutionCommand({ QueryExecutionId: id }));
    const state = QueryExecution?.Status?.State;
    if (state === 'SUCCEEDED') return;
    if (state !== 'QUEUED' && state !== 'RUNNING') {
      throw new StatementFailed(`The query ended as ${state ?? 'unknown'} (statement ${id ?? 'without an id'}).`);
    }
    await sleep(pause);
  }
}

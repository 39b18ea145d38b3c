import { setTimeout as sleep } from 'node:timers/promises';
import {
  type AthenaClient,
  BatchGetQueryExecutionCommand,
  ListQueryExecutionsCommand,
  type QueryExecution,
} from '@aws-sdk/client-athena';
import type { PaidStatement } from '../../core/monitoring/costs.ts';

/** How often statements are asked for that Athena has left out. */
const mostTries = 5;

/**
 * The statements that Athena remembers of a workgroup, back to an instant; it remembers 45 days. They are told by workgroup
 * and kind and never by their text: people type what they like.
 */
export async function athenaHistory(client: AthenaClient, workGroup: string, from: Date): Promise<PaidStatement[]> {
  const paid: PaidStatement[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListQueryExecutionsCommand({
        WorkGroup: workGroup,
        MaxResults: 50,
        ...(token === undefined ? {} : { NextToken: token }),
      }),
    );
    const ids = page.QueryExecutionIds ?? [];
    if (ids.length === 0) break;
    const executions = await executionsOf(client, ids);
    for (const execution of executions) {
      const one = paidStatement(workGroup, execution);
      if (one !== undefined && one.finishedAt >= from.toISOString()) paid.push(one);
    }
    // Newest first: a page on which everything was submitted before is the last that matters.
    const older =
      executions.length > 0 && executions.every(({ Status }) => (Status?.SubmissionDateTime ?? from) < from);
    token = older ? undefined : page.NextToken;
  } while (token !== undefined);
  return paid;
}

/** Some executions: Athena leaves out those that it is too busy for, and is asked for them again some times. */
async function executionsOf(client: AthenaClient, ids: readonly string[]): Promise<QueryExecution[]> {
  const found: QueryExecution[] = [];
  let left = [...ids];
  for (let tries = 0; left.length > 0 && tries < mostTries; tries++) {
    if (tries > 0) await sleep(250 * 2 ** tries);
    const { QueryExecutions = [], UnprocessedQueryExecutionIds = [] } = await client.send(
      new BatchGetQueryExecutionCommand({ QueryExecutionIds: left }),
    );
    found.push(...QueryExecutions);
    left = UnprocessedQueryExecutionIds.flatMap(({ QueryExecutionId }) => QueryExecutionId ?? []);
  }
  return found;
}

/** Undefined for what cost nothing: a statement that has not ended, or DDL. */
function paidStatement(workGroup: string, execution: QueryExecution): PaidStatement | undefined {
  const { Status, Statistics, StatementType, SubstatementType } = execution;
  const outcome = outcomeOf(Status?.State);
  const ended = Status?.CompletionDateTime;
  if (ended === undefined || outcome === undefined || StatementType === 'DDL') return undefined;
  return {
    statement: `${workGroup} ${SubstatementType ?? StatementType ?? 'unknown'}`,
    outcome,
    bytesScanned: Statistics?.DataScannedInBytes ?? 0,
    millis: Statistics?.EngineExecutionTimeInMillis ?? 0,
    finishedAt: ended.toISOString(),
  };
}

function outcomeOf(state: string | undefined): PaidStatement['outcome'] | undefined {
  switch (state) {
    case 'SUCCEEDED':
      return 'succeeded';
    case 'FAILED':
      return 'failed';
    case 'CANCELLED':
      return 'cancelled';
    default:
      return undefined;
  }
}

import { AthenaClient } from '@aws-sdk/client-athena';
import { z } from 'zod';
import { costsOf } from '../../../core/monitoring/costs.ts';
import { athenaHistory } from '../../../local/monitoring/athena-history.ts';
import { answering } from '../../lambdas/lake/answering.ts';

const day = (date: string) => new Date(`${date}T12:00:00Z`);

/** What Athena would tell of a workgroup, two statements a page, newest first; of the first page it is too busy for one at first. */
function athena() {
  const executions = [
    { at: '2026-03-10', State: 'SUCCEEDED', bytes: 2e12, StatementType: 'DML', SubstatementType: 'MERGE' },
    { at: '2026-03-10', State: 'RUNNING', bytes: 9, StatementType: 'DML', SubstatementType: 'SELECT' },
    { at: '2026-03-09', State: 'FAILED', bytes: 9e12, StatementType: 'DML', SubstatementType: 'MERGE' },
    { at: '2026-03-09', State: 'CANCELLED', bytes: 1e12, StatementType: 'DML', SubstatementType: 'SELECT' },
    { at: '2026-03-08', State: 'SUCCEEDED', bytes: 0, StatementType: 'DDL', SubstatementType: 'CREATE_TABLE' },
    { at: '2026-03-01', State: 'SUCCEEDED', bytes: 5e12, StatementType: 'DML', SubstatementType: 'SELECT' },
    { at: '2026-03-01', State: 'SUCCEEDED', bytes: 5e12, StatementType: 'DML', SubstatementType: 'SELECT' },
    { at: '2026-02-01', State: 'SUCCEEDED', bytes: 5e12, StatementType: 'DML', SubstatementType: 'SELECT' },
  ];
  const pages: string[] = [];
  const client = new AthenaClient({ region: 'eu-central-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } });
  answering(client, ({ operation, input }) => {
    const asked = new Map(Object.entries(Object(input)));
    if (operation === 'ListQueryExecutions') {
      const page = Number(asked.get('NextToken') ?? 0);
      pages.push(String(page));
      return { QueryExecutionIds: [String(2 * page), String(2 * page + 1)], NextToken: String(page + 1) };
    }
    const ids = z.array(z.string()).parse(asked.get('QueryExecutionIds'));
    const left = ids.filter((id) => id === '0' && ids.length > 1);
    return {
      UnprocessedQueryExecutionIds: left.map((QueryExecutionId) => ({
        QueryExecutionId,
        ErrorCode: 'ThrottlingException',
      })),
      QueryExecutions: ids
        .filter((id) => !left.includes(id))
        .map((id) => {
          const { at, State, bytes, ...kind } = executions[Number(id)] ?? executions[0] ?? {};
          return {
            ...kind,
            Query: 'select secret',
            Status: {
              State,
              SubmissionDateTime: day(at ?? ''),
              ...(State === 'RUNNING' ? {} : { CompletionDateTime: day(at ?? '') }),
            },
            Statistics: { DataScannedInBytes: bytes, EngineExecutionTimeInMillis: 1000 },
          };
        }),
    };
  });
  return { client, pages };
}

test('the days asked for are told by workgroup and kind, and pages before them are left alone', async () => {
  const { client, pages } = athena();
  const costs = costsOf(await athenaHistory(client, 'lethe-pipeline', new Date('2026-03-04T00:00:00Z')));
  expect(pages).toEqual(['0', '1', '2', '3']);
  expect(costs.days).toEqual([
    { day: '2026-03-10', statements: 1, bytes: 2e12, millis: 1000, dollars: 10 },
    // One that failed is free, and one that was cancelled is not.
    { day: '2026-03-09', statements: 2, bytes: 10e12, millis: 2000, dollars: 5 },
  ]);
  expect(costs.statements.map(({ statement }) => statement)).toEqual(['lethe-pipeline MERGE', 'lethe-pipeline SELECT']);
  expect(JSON.stringify(costs)).not.toContain('secret');
});

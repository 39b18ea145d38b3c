import { randomUUID } from 'node:crypto';
import { StartQueryExecutionCommand, StopQueryExecutionCommand } from '@aws-sdk/client-athena';
import { athenaDdl } from '../../core/catalogue/athena-ddl.ts';
import type { Table } from '../../core/catalogue/table.ts';
import { clientOf, rowsOf, runToEnd, visits, waitToEnd } from '../local/athena/visits-lake.ts';
import { stackAddresses } from './stack-addresses.ts';

const database = `visits_${randomUUID().replaceAll('-', '')}`;
const client = clientOf(stackAddresses().athenaUrl);
const QueryExecutionContext = { Database: database };

function run(sql: string) {
  return runToEnd(client, { QueryString: sql, QueryExecutionContext });
}

async function succeed(sql: string) {
  const execution = await run(sql);
  expect(execution.Status?.StateChangeReason).toBeUndefined();
  return execution;
}

async function select(sql: string) {
  return (await rowsOf(client, await succeed(sql))).slice(1);
}

beforeAll(async () => {
  await succeed(`create database ${database}`);
  await succeed(athenaDdl(visits, `s3://lethe-lake/${database}/visits`));
  await succeed(
    `insert into visits select i, 'user-' || cast(i % 10 as varchar), timestamp '2026-01-01 00:00:00.123456', 1.5, date '2026-01-01' + interval '1' day * (i / 100)
     from unnest(sequence(0, 299)) t(i)`,
  );
});
afterAll(() => client.destroy());

test('values are written as Athena writes them', async () => {
  const rows = await select(`select true, 9223372036854775807, 1.5e0, 1e10, nan(), decimal '0.100', date '2026-01-02',
    timestamp '2026-01-02 03:04:05.6789', timestamp '2026-01-02 03:04:05 Asia/Seoul', x'00ff', array[1, null], cast(row(1, 'a') as row(n integer, t varchar)),
    map(array['k'], array[1e0]), null, 'ä'`);
  expect(rows).toEqual([
    [
      'true',
      '9223372036854775807',
      '1.5',
      '1.0E10',
      'NaN',
      '0.100',
      '2026-01-02',
      '2026-01-02 03:04:05.678',
      '2026-01-02 03:04:05.000 Asia/Seoul',
      '00 ff',
      '[1, null]',
      '{n=1, t=a}',
      '{k=1.0}',
      null,
      'ä',
    ],
  ]);
});

test('a query has its bytes, a statement that writes its count, and neither runs twice for one token', async () => {
  const { Statistics } = await succeed('select sum(cost), count(distinct user_id) from visits');
  expect(Statistics?.DataScannedInBytes).toBeGreaterThan(100);
  const request = { QueryString: `delete from visits where visit_id = 299`, QueryExecutionContext };
  const ClientRequestToken = randomUUID();
  const [first, second] = [
    await client.send(new StartQueryExecutionCommand({ ...request, ClientRequestToken })),
    await client.send(new StartQueryExecutionCommand({ ...request, ClientRequestToken })),
  ];
  expect(first.QueryExecutionId).toBe(second.QueryExecutionId);
  await runToEnd(client, { ...request, ClientRequestToken });
  expect(await select('select count(*) from visits')).toEqual([['299']]);
});

test.each([
  ['select from where', 'SYNTAX_ERROR', false],
  ['select * from nowhere', 'TABLE_NOT_FOUND', false],
  ['select nothing from visits', 'COLUMN_NOT_FOUND', false],
  ['select nofunction(1)', 'FUNCTION_NOT_FOUND', false],
  ["select cast('x' as bigint)", 'INVALID_CAST_ARGUMENT', false],
  ['select 1 / 0', 'DIVISION_BY_ZERO', false],
  ["select 1 + 'a'", 'TYPE_MISMATCH', false],
])('%s fails with %s', async (sql, code, retryable) => {
  const { Status } = await run(sql);
  expect(Status).toMatchObject({ State: 'FAILED', AthenaError: { Retryable: retryable } });
  expect(Status?.StateChangeReason).toMatch(new RegExp(`^${code}: `));
});

test('a statement that is stopped ends, in Trino too', async () => {
  const QueryString = 'select count(*) from tpch.sf100.lineitem a cross join tpch.sf100.lineitem b';
  const { QueryExecutionId } = await client.send(new StartQueryExecutionCommand({ QueryString }));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  expect((await waitToEnd(client, QueryExecutionId)).Status?.State).toBe('CANCELLED');
  const running = `select count(*) from system.runtime.queries where state = 'RUNNING' and query like '%sf100%' and query not like '%runtime%'`;
  expect(await select(running)).toEqual([['0']]);
});

test('our DDL makes a table that reads back as declared, and columns are added, widened, renamed and dropped', async () => {
  const copy: Table = {
    ...visits,
    name: 'copies',
    partition: [
      { transform: 'day', column: 'timestamp' },
      { transform: 'bucket', column: 'user_id', buckets: 4 },
    ],
  };
  for (const _ of [1, 2]) await succeed(athenaDdl(copy, `s3://lethe-lake/${database}/copies`));
  await succeed('insert into copies select * from visits where visit_id < 3');
  await succeed("alter table copies add columns (tags array<string>, visits_cnt int comment 'How often.')");
  await succeed('alter table `copies` change column visits_cnt visits_cnt bigint');
  await succeed('alter table copies drop column tags');
  expect(await rowsOf(client, await succeed('describe copies'))).toEqual([
    ...visits.columns.map((column) => [column.name, column.type, column.description]),
    ['visits_cnt', 'bigint', 'How often.'],
  ]);
  expect(await rowsOf(client, await succeed(`show tables 'cop*'`))).toEqual([['copies']]);
  expect(await select('select sum(record_count) from "copies$partitions"')).toEqual([['3']]);
  await succeed('drop table `copies`');
});

test('Athena keeps its own properties with a table, and changing one keeps the others', async () => {
  const properties = `select value from "visits$properties" where key like '%vacuum_m%' or key = 'optimize_rewrite_delete_file_threshold' order by key`;
  expect(await select(properties)).toEqual([['1'], ['86400'], ['1']]);
  await succeed(`alter table visits set tblproperties ('vacuum_max_snapshot_age_seconds' = '60')`);
  expect(await select(properties)).toEqual([['1'], ['60'], ['1']]);
  const { Status } = await run(`alter table visits set tblproperties ('commit.manifest.min-count-to-merge' = '2')`);
  expect(Status?.StateChangeReason).toBe(
    'INVALID_PARAMETER_USAGE: Unsupported table property key: commit.manifest.min-count-to-merge',
  );
});

test('OPTIMIZE rewrites what has deletes, and VACUUM takes away what no snapshot needs any more', async () => {
  await succeed(`alter table visits set tblproperties ('vacuum_max_snapshot_age_seconds' = '0')`);
  await succeed(`delete from visits where user_id = 'user-3'`);
  expect(await select(`select count(*) from "visits$files" where content = 1`)).not.toEqual([['0']]);
  await succeed(`optimize visits rewrite data using bin_pack where dt >= date '2026-01-01'`);
  expect(await select(`select count(*) from "visits$files" where content = 1`)).toEqual([['0']]);
  await succeed('vacuum visits');
  expect(await select('select count(*) from "visits$snapshots"')).toEqual([['1']]);
  expect(await select(`select count(*), count_if(user_id = 'user-3') from visits`)).toEqual([['269', '0']]);
});

test('two MERGEs of the same rows: one commits, the other meets a conflict that is worth a retry', async () => {
  const merge = `merge into visits t using (select visit_id, cost + 1 as cost from visits) s on t.visit_id = s.visit_id when matched then update set cost = s.cost`;
  const ended = await Promise.all([run(merge), run(merge)]);
  const failed = ended.filter(({ Status }) => Status?.State === 'FAILED');
  expect(failed.length).toBe(1);
  expect(failed[0]?.Status?.StateChangeReason).toMatch(/^ICEBERG_COMMIT_ERROR: /);
  expect(failed[0]?.Status?.AthenaError).toMatchObject({ ErrorCategory: 1, ErrorType: 233, Retryable: true });
});

import { request } from 'node:http';
import {
  BatchGetQueryExecutionCommand,
  GetDatabaseCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  GetTableMetadataCommand,
  GetWorkGroupCommand,
  ListDatabasesCommand,
  ListDataCatalogsCommand,
  ListNamedQueriesCommand,
  ListQueryExecutionsCommand,
  ListTableMetadataCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from '@aws-sdk/client-athena';
import { openLake, rowsOf, runToEnd, select, temporaryFolder, waitToEnd } from './visits-lake.ts';

const directory = temporaryFolder();
let lake: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  lake = await openLake(directory);
});
afterAll(() => lake.close());

const token = (name: string) => name.padEnd(32, '-');
const endless = 'select count(*) from range(10000000) a(x) cross join range(10000000) b(y) where x + y < 0';

test('the SDK paginator reads 3,000 rows in pages of a thousand, labels included', async () => {
  const execution = await runToEnd(lake.client, 'select x as "number" from range(3000) r(x) order by x');
  const first = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }));
  expect(first.ResultSet?.Rows).toHaveLength(1000);
  const rows = await rowsOf(lake.client, execution);
  expect(rows).toHaveLength(3001);
  expect([rows[0], rows[1], rows[1000], rows[3000]]).toEqual([['number'], ['0'], ['999'], ['2999']]);
});

test('every type is written and described as Athena does', async () => {
  const execution = await runToEnd(
    lake.client,
    `select cast('12345678901234567890123456789.123456789' as decimal(38,9)) as d, cast(null as bigint) as n,
       timestamp '2026-01-02 03:04:05.678901' as t, timestamp '2026-01-02 03:04:05 UTC' as tz, date '2026-01-02' as day, 2e0 as two,
       1.5e10 as big, true as yes, cast(row(1, 'x') as row(a integer, b varchar)) as r, array['a', null] as l,
       map(array['k'], array[1]) as m, 7 / 2, count(*), 9007199254740993 as exact`,
  );
  const [labels, row] = await rowsOf(lake.client, execution);
  expect(labels?.slice(-4)).toEqual(['m', '_col11', '_col12', 'exact']);
  expect(row).toEqual([
    '12345678901234567890123456789.123456789',
    null,
    '2026-01-02 03:04:05.678',
    '2026-01-02 03:04:05.000 UTC',
    '2026-01-02',
    '2.0',
    '1.5E10',
    'true',
    '{a=1, b=x}',
    '[a, null]',
    '{k=1}',
    '3',
    '1',
    '9007199254740993',
  ]);
  const { ResultSet } = await lake.client.send(
    new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }),
  );
  const types = ResultSet?.ResultSetMetadata?.ColumnInfo?.map((column) => column.Type);
  expect(types).toEqual(
    'decimal bigint timestamp|timestamp with time zone|date double double boolean row array map integer bigint bigint'
      .split('|')
      .flatMap((part) => (part.startsWith('timestamp with') ? [part] : part.split(' '))),
  );
  expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.[0]).toMatchObject({ Precision: 38, Scale: 9 });
});

test('an INSERT tells how many rows it wrote and has no labels', async () => {
  const execution = await runToEnd(
    lake.client,
    `insert into visits values (1, 'ada', timestamp '2026-01-01 10:00:00', 0.5, date '2026-01-01'), (2, 'bob', timestamp '2026-01-02 10:00:00', 1, date '2026-01-02')`,
  );
  expect(execution).toMatchObject({ StatementType: 'DML', SubstatementType: 'INSERT', Status: { State: 'SUCCEEDED' } });
  const results = await lake.client.send(new GetQueryResultsCommand({ QueryExecutionId: execution.QueryExecutionId }));
  expect(results).toMatchObject({ UpdateCount: 2, ResultSet: { Rows: [] } });
  const read = await runToEnd(lake.client, 'select sum(cost) from visits');
  expect(read.Statistics?.DataScannedInBytes).toBe(2 * 16);
});

test('the same token finds the same statement, and refuses another one', async () => {
  const input = { QueryString: 'select 1', ClientRequestToken: token('again') };
  const first = await lake.client.send(new StartQueryExecutionCommand(input));
  const second = await lake.client.send(new StartQueryExecutionCommand(input));
  expect(second.QueryExecutionId).toBe(first.QueryExecutionId);
  const other = lake.client.send(new StartQueryExecutionCommand({ ...input, QueryString: 'select 2' }));
  await expect(other).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'Idempotent parameters do not match',
  });
});

test('question marks take literals, in queries and inserts only', async () => {
  const bound = await runToEnd(lake.client, {
    QueryString: `select ?, '?', ? -- ?`,
    ExecutionParameters: ["'it''s'", "date '2026-01-01'"],
  });
  expect((await rowsOf(lake.client, bound))[1]).toEqual(["it's", '?', '2026-01-01']);
  for (const [sql, parameters] of [
    ['select ?', []],
    ['select ?', ['1', '2']],
    ['select ?', ['1) union (select 2']],
    ['select ?', ['ada']],
    ['delete from visits where visit_id = ?', ['1']],
  ] as const) {
    const start = lake.client.send(
      new StartQueryExecutionCommand({ QueryString: sql, ExecutionParameters: [...parameters] }),
    );
    await expect(start).rejects.toMatchObject({ name: 'InvalidRequestException' });
  }
});

test.each([
  ['select from where', 'SYNTAX_ERROR', 1006],
  ['select * from nowhere', 'TABLE_NOT_FOUND', 1006],
  ['select nothing from visits', 'COLUMN_NOT_FOUND', 1006],
  ['select nofunction(1)', 'FUNCTION_NOT_FOUND', 1006],
  [`select cast('x' as integer)`, 'INVALID_CAST_ARGUMENT', 1001],
  [`select * from read_csv('/etc/hostname')`, 'GENERIC_INTERNAL_ERROR', 200],
])('%s fails with %s', async (sql, code, type) => {
  const { Status } = await runToEnd(lake.client, sql);
  expect(Status?.State).toBe('FAILED');
  expect(Status?.StateChangeReason).toMatch(new RegExp(`^${code}: `));
  expect(Status?.AthenaError).toMatchObject({ ErrorType: type, Retryable: false });
});

test.each([
  'selec 1',
  `show tables like 'copies'`,
  `copy visits to '/tmp/x'`,
  'vacuum "visits"',
  'with s as (select 1) delete from visits',
])('%s is not started, as Athena starts nothing that it cannot parse', async (sql) => {
  const before = await lake.client.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
  const start = lake.client.send(new StartQueryExecutionCommand({ QueryString: sql }));
  await expect(start).rejects.toMatchObject({
    name: 'InvalidRequestException',
    AthenaErrorCode: 'MALFORMED_QUERY',
    message: expect.stringMatching(/line 1:\d+: mismatched input/),
  });
  const after = await lake.client.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
  expect(after.QueryExecutionIds).toEqual(before.QueryExecutionIds);
});

test('requests that cannot be statements are refused at once', async () => {
  for (const sql of ['select 1; select 2', ' ; ', `select '${'x'.repeat(262_144)}'`]) {
    const start = lake.client.send(new StartQueryExecutionCommand({ QueryString: sql }));
    await expect(start).rejects.toMatchObject({ name: 'InvalidRequestException' });
  }
  const unknown = lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId: 'none' }));
  await expect(unknown).rejects.toMatchObject({
    name: 'InvalidRequestException',
    message: 'QueryExecution none was not found',
  });
  await expect(lake.client.send(new ListNamedQueriesCommand({}))).rejects.toMatchObject({
    name: 'UnknownOperationException',
  });
});

test('a long statement runs, is stopped and has no results', async () => {
  const { QueryExecutionId } = await lake.client.send(new StartQueryExecutionCommand({ QueryString: endless }));
  const running = await lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
  expect(running.QueryExecution?.Status?.State).toBe('RUNNING');
  const early = lake.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  await expect(early).rejects.toThrow('Query has not yet finished. Current state: RUNNING');
  await lake.client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
  expect((await waitToEnd(lake.client, QueryExecutionId)).Status?.State).toBe('CANCELLED');
  const late = lake.client.send(new GetQueryResultsCommand({ QueryExecutionId }));
  await expect(late).rejects.toThrow('Query did not finish successfully. Final query state: CANCELLED');
});

test('statements beyond the concurrency wait, and can be stopped while they do', async () => {
  const start = (sql: string) => lake.client.send(new StartQueryExecutionCommand({ QueryString: sql }));
  const started = await Promise.all([endless, endless, endless, endless].map(start));
  const waiting = await start('select 1');
  const unwanted = await start('select 2');
  const get = async (id: string | undefined) =>
    (await lake.client.send(new GetQueryExecutionCommand({ QueryExecutionId: id }))).QueryExecution?.Status?.State;
  expect(await get(waiting.QueryExecutionId)).toBe('QUEUED');
  await lake.client.send(new StopQueryExecutionCommand(unwanted));
  expect(await get(unwanted.QueryExecutionId)).toBe('CANCELLED');
  expect(await Promise.all(started.map(({ QueryExecutionId }) => get(QueryExecutionId)))).toEqual(
    started.map(() => 'RUNNING'),
  );
  await Promise.all(started.map((one) => lake.client.send(new StopQueryExecutionCommand(one))));
  expect((await waitToEnd(lake.client, waiting.QueryExecutionId)).Status?.State).toBe('SUCCEEDED');
});

test('many readers read whole transactions while a writer writes', async () => {
  const write = async () => {
    for (let batch = 0; batch < 20; batch += 1) {
      const rows = `select 1000 + x, 'w', timestamp '2026-02-01 00:00:00', 1, date '2026-02-01' from range(100) r(x)`;
      expect((await runToEnd(lake.client, `insert into visits ${rows}`)).Status?.State).toBe('SUCCEEDED');
    }
  };
  const read = async () => {
    for (let round = 0; round < 10; round += 1) {
      const [[count] = []] = await select(lake.client, `select count(*) from visits where user_id = 'w'`);
      expect(Number(count) % 100).toBe(0);
    }
  };
  await Promise.all([write(), ...Array.from({ length: 8 }, read)]);
  expect(await select(lake.client, `select count(*) from visits where user_id = 'w'`)).toEqual([['2000']]);
});

test('catalogues, databases, tables and workgroups are listed', async () => {
  const at = { CatalogName: 'AwsDataCatalog', DatabaseName: 'lake' };
  const catalogues = await lake.client.send(new ListDataCatalogsCommand({}));
  expect(catalogues.DataCatalogsSummary).toEqual([{ CatalogName: 'AwsDataCatalog', Type: 'GLUE' }]);
  const databases = await lake.client.send(new ListDatabasesCommand({ CatalogName: 'AwsDataCatalog' }));
  expect(databases.DatabaseList).toEqual([{ Name: 'lake' }]);
  const tables = await lake.client.send(new ListTableMetadataCommand({ ...at, Expression: 'vis.*' }));
  expect(tables.TableMetadataList?.map((table) => table.Name)).toEqual(['visits']);
  const { TableMetadata } = await lake.client.send(new GetTableMetadataCommand({ ...at, TableName: 'visits' }));
  expect(TableMetadata?.Parameters).toEqual({ table_type: 'ICEBERG', comment: 'Visits of users.' });
  expect(TableMetadata?.Columns?.[3]).toEqual({ Name: 'cost', Type: 'decimal(38,9)', Comment: 'USD.' });
  const group = await lake.client.send(new GetWorkGroupCommand({ WorkGroup: 'primary' }));
  expect(group.WorkGroup?.State).toBe('ENABLED');
  const missing = lake.client.send(new GetDatabaseCommand({ ...at, DatabaseName: 'nowhere' }));
  await expect(missing).rejects.toMatchObject({ name: 'MetadataException' });
});

test('statements are listed, newest first, and described in one request', async () => {
  const { QueryExecutionId = '' } = await runToEnd(lake.client, 'select 42');
  const listed = await lake.client.send(new ListQueryExecutionsCommand({ MaxResults: 1 }));
  expect(listed.QueryExecutionIds).toEqual([QueryExecutionId]);
  const batch = await lake.client.send(
    new BatchGetQueryExecutionCommand({ QueryExecutionIds: [QueryExecutionId, 'none'] }),
  );
  expect(batch.QueryExecutions?.[0]?.Query).toBe('select 42');
  expect(batch.UnprocessedQueryExecutionIds?.[0]?.QueryExecutionId).toBe('none');
});

test.each([
  ['a name that points here', { host: 'evil.example' }],
  ['a page of another origin', { origin: 'https://evil.example' }],
])('%s is refused', async (_, headers) => {
  const status = await new Promise((resolve, reject) => {
    const sent = request(lake.endpoint.url, { method: 'POST', headers }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    sent.on('error', reject).end('{}');
  });
  expect(status).toBe(403);
});

import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { athenaDdl } from '../../../core/catalogue/athena-ddl.ts';
import type { Table } from '../../../core/catalogue/table.ts';
import { DuckDbEngine } from '../../../local/athena/duckdb-engine.ts';
import { openLake, rowsOf, runToEnd, select, temporaryFolder, visits } from './visits-lake.ts';

const directory = temporaryFolder();
let lake: Awaited<ReturnType<typeof openLake>>;
beforeAll(async () => {
  lake = await openLake(directory);
  await runToEnd(
    lake.client,
    `insert into visits select i, 'user-' || (i % 10), timestamp '2026-01-01 00:00:00', 1.5, date '2026-01-01' + cast(i / 1000 as integer) from range(45000) r(i)`,
  );
});
afterAll(() => lake.close());

describe('metadata tables', () => {
  test('partitions are counted, and a filter on one finds its days', async () => {
    const sql = `select "partition".dt, record_count, file_count from "visits$partitions" where "partition".dt between date '2026-01-03' and date '2026-01-04' order by 1`;
    const execution = await runToEnd(lake.client, sql);
    expect(await rowsOf(lake.client, execution)).toEqual([
      ['dt', 'record_count', 'file_count'],
      ['2026-01-03', '1000', '1'],
      ['2026-01-04', '1000', '1'],
    ]);
  });

  test.each([
    `select p.partition.dt from lake."visits$partitions" p where p.record_count > 0 order by 1 limit 1`,
    `select min("partition".dt) from "awsdatacatalog"."lake"."visits$partitions"`,
    `select min(partition.dt) from "visits$partitions" where "visits$partitions".record_count > 0`,
  ])('%s', async (sql) => {
    expect(await select(lake.client, sql)).toEqual([['2026-01-01']]);
  });

  test('the partition is a row, and the data tells bounds', async () => {
    const sql = `select "partition", data.visit_id.min, data.visit_id.max from "visits$partitions" where record_count = 1000 order by 2 limit 1`;
    expect(await select(lake.client, sql)).toEqual([['{dt=2026-01-01}', '0', '999']]);
  });

  test('a change makes a new snapshot whose parent is the one before', async () => {
    const newest = `select snapshot_id, parent_id, operation from "visits$snapshots"`;
    const [before] = await select(lake.client, newest);
    await runToEnd(lake.client, `delete from visits where dt = date '2026-02-14'`);
    const [after] = await select(lake.client, newest);
    expect(after?.slice(1)).toEqual([before?.[0], 'delete']);
    await runToEnd(lake.client, `delete from visits where dt = date '1999-01-01'`);
    expect(await select(lake.client, newest)).toEqual([after]);
    expect(await select(lake.client, `select snapshot_id, is_current_ancestor from "visits$history"`)).toEqual([
      [after?.[0], 'true'],
    ]);
    expect(await select(lake.client, `select record_count from "visits$files"`)).toEqual([['44000']]);
  });

  test('one that this engine does not have is refused by name', async () => {
    const { Status } = await runToEnd(lake.client, 'select * from "visits$entries"');
    expect(Status?.StateChangeReason).toMatch(/^NOT_SUPPORTED: /);
  });
});

describe('statements that only Athena has', () => {
  test.each([
    [
      `optimize visits rewrite data using bin_pack where dt between date '2026-01-01' and date '2026-01-02'`,
      'OPTIMIZE',
    ],
    ['vacuum lake.visits', 'VACUUM'],
  ])('%s succeeds', async (sql, substatement) => {
    const execution = await runToEnd(lake.client, sql);
    expect(execution).toMatchObject({
      StatementType: 'DML',
      SubstatementType: substatement,
      Status: { State: 'SUCCEEDED' },
    });
  });

  test.each(['vacuum "visits"', `optimize visits rewrite data using bin_pack where "dt" = date '2026-01-01'`])(
    '%s is refused, since maintenance takes no double quotes',
    async (sql) => {
      await expect(runToEnd(lake.client, sql)).rejects.toThrow('mismatched input');
    },
  );

  test.each([
    ['nonsense((', 'SYNTAX_ERROR'],
    ['nothing = 1', 'COLUMN_NOT_FOUND'],
    [`dt = date '2026-01-01' and user_id = 'user-1'`, 'NOT_SUPPORTED'],
  ])('OPTIMIZE where %s fails with %s', async (condition, code) => {
    const { Status } = await runToEnd(lake.client, `optimize visits rewrite data using bin_pack where ${condition}`);
    expect(Status?.StateChangeReason).toMatch(new RegExp(`^${code}: `));
  });

  test('a column named like a type is told from the type of a literal', async () => {
    const sql = `optimize visits rewrite data using bin_pack where dt < timestamp '2026-01-02 00:00:00'`;
    expect((await runToEnd(lake.client, sql)).Status?.State).toBe('SUCCEEDED');
  });

  test('maintenance of a table that is not there fails', async () => {
    const { Status } = await runToEnd(lake.client, 'vacuum nowhere');
    expect(Status?.StateChangeReason).toMatch(/^TABLE_NOT_FOUND: /);
  });

  test('our Athena DDL makes a table that reads back as declared, twice without harm', async () => {
    const copy: Table = { ...visits, name: 'copies', partition: [{ transform: 'day', column: 'timestamp' }] };
    const ddl = athenaDdl(copy, 's3://lake/copies/');
    for (const _ of [1, 2]) expect((await runToEnd(lake.client, ddl)).Status?.StateChangeReason).toBeUndefined();
    expect(await rowsOf(lake.client, await runToEnd(lake.client, 'describe copies'))).toEqual(
      visits.columns.map((column) => [column.name, column.type, column.description]),
    );
    await runToEnd(lake.client, 'insert into copies select * from visits where visit_id < 3');
    expect(
      await select(lake.client, `select "partition".timestamp_day, record_count from "copies$partitions"`),
    ).toEqual([['2026-01-01', '3']]);
    await runToEnd(
      lake.client,
      'alter table copies add columns (tags array<string>, extra struct<a:int,b:map<string,double>>)',
    );
    await runToEnd(lake.client, `alter table copies set tblproperties ('vacuum_max_snapshot_age_seconds'='60')`);
    expect(await rowsOf(lake.client, await runToEnd(lake.client, `show tables 'cop*'`))).toEqual([['copies']]);
    const dropped = await runToEnd(lake.client, 'drop table copies');
    expect(dropped).toMatchObject({
      StatementType: 'DDL',
      SubstatementType: 'DROP_TABLE',
      Status: { State: 'SUCCEEDED' },
    });
  });

  test('CREATE TABLE AS leaves the properties out', async () => {
    const execution = await runToEnd(
      lake.client,
      `create table days with (table_type = 'ICEBERG', location = 's3://lake/days/', is_external = false) as select distinct dt from visits`,
    );
    expect(execution).toMatchObject({ SubstatementType: 'CREATE_TABLE_AS_SELECT', Status: { State: 'SUCCEEDED' } });
    expect(await select(lake.client, 'select count(*) from lake.days')).toEqual([['44']]);
  });
});

describe('statements that begin like a query', () => {
  const execute = (sql: string) => lake.engine.execute(sql, { database: 'lake', signal: new AbortController().signal });

  test.each([
    'with s as (select 1) delete from visits',
    'with s (a) as (select (1)), t as (select 2) update visits set cost = 9',
    'explain delete from visits',
    'explain analyze delete from visits',
    'explain (analyze) delete from visits',
    'explain (format json, analyze) delete from visits',
    'explain analyze with s as (select 1) insert into visits select * from visits',
  ])('%s is refused, and does nothing', async (sql) => {
    const all = 'select count(*), sum(cost) from visits';
    const before = await select(lake.client, all);
    await expect(execute(sql)).rejects.toThrow(/^SYNTAX_ERROR: line 1:\d+: mismatched input/);
    expect(await select(lake.client, all)).toEqual(before);
  });

  test.each([
    'with s (a) as (select 1), "t" as (values (2)) select * from s',
    'with recursive s (a) as (select 1 union all select a + 1 from s where a < 3) (select * from s)',
    '(with s as (select 1) select * from s)',
    '((select 1) union all values (2))',
    'explain select 1',
    'explain (format json) select 1',
    'explain analyze with s as (select 1) select * from s',
  ])('%s runs', async (sql) => {
    expect((await execute(sql)).rows.count).toBeGreaterThan(0);
  });
});

test('two writers of the same rows: the second fails with a commit conflict that is worth a retry', async () => {
  const first = await lake.engine.connect();
  await first.run('begin');
  await first.run('update visits set cost = 2 where visit_id = 1');
  const conflict = await runToEnd(lake.client, 'update visits set cost = 3 where visit_id = 1');
  expect(conflict.Status?.StateChangeReason).toMatch(/^ICEBERG_COMMIT_ERROR: /);
  expect(conflict.Status?.AthenaError).toMatchObject({ ErrorCategory: 1, ErrorType: 233, Retryable: true });
  await first.run('rollback');
  first.disconnectSync();
  expect((await runToEnd(lake.client, 'update visits set cost = 3 where visit_id = 1')).Status?.State).toBe(
    'SUCCEEDED',
  );
});

test('a repeated MERGE of the same source changes nothing', async () => {
  const sql = `merge into visits t using (select 1 as id, cast(7 as decimal(38,9)) as cost) s on t.visit_id = s.id
    when matched and t.cost is distinct from s.cost then update set cost = s.cost`;
  const counts = [];
  for (const _ of [1, 2]) {
    const signal = new AbortController().signal;
    counts.push((await lake.engine.execute(sql, { database: 'lake', signal })).updateCount);
  }
  expect(counts).toEqual([1, 0]);
});

test('a result beyond its bound fails and says what to do', async () => {
  const { Status } = await runToEnd(lake.client, `select repeat('x', 1000000) from range(200)`);
  expect(Status?.StateChangeReason).toMatch(/^EXCEEDED_RESULT_SIZE: .*write it to a table/);
});

describe('opening', () => {
  test('a declared column that is new is added, and rows keep null in it', async () => {
    const folder = temporaryFolder();
    const before = await DuckDbEngine.open({ directory: folder, database: 'lake', tables: [visits] });
    await before.close();
    const wider: Table = {
      ...visits,
      columns: [...visits.columns, { name: 'country', type: 'string', description: 'Where.' }],
    };
    const after = await DuckDbEngine.open({ directory: folder, database: 'lake', tables: [wider] });
    expect((await after.tables('lake'))?.[0]?.columns.at(-1)).toEqual({
      name: 'country',
      type: 'string',
      description: 'Where.',
    });
    await after.close();
    await expect(DuckDbEngine.open({ directory: folder, database: 'lake', tables: [visits] })).rejects.toMatchObject({
      name: 'InputError',
      message: expect.stringContaining('visits.country'),
    });
    const retyped: Table = {
      ...wider,
      columns: wider.columns.map((column) => (column.name === 'cost' ? { ...column, type: 'double' } : column)),
    };
    await expect(DuckDbEngine.open({ directory: folder, database: 'lake', tables: [retyped] })).rejects.toThrow(
      'decimal(38,9)',
    );
  });

  test('what does not fit into memory spills into the folder, and nothing stays there', async () => {
    const folder = temporaryFolder();
    const engine = await DuckDbEngine.open({ directory: folder, database: 'lake', memoryLimit: '64MB', threads: 2 });
    const signal = new AbortController().signal;
    const sql = 'select count(*) from (select distinct x, x * 7 as y, x * 11 as z from range(4000000) r(x))';
    const { rows } = await engine.execute(sql, { database: 'lake', signal });
    expect(rows.slice(0, 1)).toEqual([['4000000']]);
    await engine.close();
    expect(readdirSync(join(folder, 'tmp'))).toEqual([]);
  });
});

import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { AthenaClient } from '@aws-sdk/client-athena';
import { GlueClient } from '@aws-sdk/client-glue';
import { athenaDdl } from '../../core/catalogue/athena-ddl.ts';
import { icebergProperties } from '../../core/catalogue/iceberg-properties.ts';
import { migrateTables } from '../../core/catalogue/migrate-tables.ts';
import { type Column, columnOf, type Table } from '../../core/catalogue/table.ts';
import { chatTables } from '../../core/chat/tables.ts';
import { DestructiveChange } from '../../core/errors.ts';
import { AthenaEngine } from '../../lambdas/lake/athena-engine.ts';
import { GlueTableStore } from '../../lambdas/lake/glue-table-store.ts';
import { lakeBucket, s3Client } from '../../stack/stack.ts';
import { rowsOf, runStatement } from './athena-statement.ts';
import { stackAddresses } from './stack-addresses.ts';
import { athenaClient } from './trino-lake.ts';

const { athenaUrl, awsUrl, glueUrl } = stackAddresses();
const database = `migrated_${randomUUID().replaceAll('-', '')}`;
const location = `s3://${lakeBucket}/${database}/`;
const placeOf = (table: Table) => `${location}${table.name}/`;
const client: AthenaClient = athenaClient(athenaUrl);
const engine = new AthenaEngine({ client, workGroup: 'primary', database });
const glue = new GlueClient({ endpoint: glueUrl });
const s3 = s3Client(awsUrl);

beforeAll(() => runStatement(engine, `create database ${database}`));
afterAll(() => {
  for (const one of [client, glue, s3]) one.destroy();
});

/** Every deployment has a token of its own. */
const migrate = (tables: readonly Table[]) =>
  migrateTables(
    new GlueTableStore({ engine, glue, s3, database, sleep: (millis) => sleep(millis), token: randomUUID() }),
    tables,
    placeOf,
  );
const rows = (sql: string) => rowsOf(client, engine, sql);

/** The least that a table can have begun with: its key, its event time and what it is partitioned by. */
function firstVersion(table: Table): Table {
  const kept = new Set([...table.grain, table.eventTime, ...table.partition.map(({ column }) => column)]);
  return { ...table, columns: table.columns.filter(({ name }) => kept.has(name)) };
}

function sample({ type }: Column): string {
  switch (type) {
    case 'string':
      return `'here before'`;
    case 'date':
      return `date '2026-01-06'`;
    case 'timestamp':
      return `timestamp '2026-01-06 12:00:00.000000'`;
    default:
      return `cast(7 as ${type})`;
  }
}

test('tables that hold rows of their first version take every later column, and keep the rows', async () => {
  await Promise.all(
    chatTables.map(async (table) => {
      const first = firstVersion(table);
      await runStatement(engine, athenaDdl(first, placeOf(table)));
      const names = first.columns.map(({ name }) => `"${name}"`).join(', ');
      await runStatement(
        engine,
        `insert into "${table.name}" (${names}) values (${first.columns.map(sample).join(', ')})`,
      );
    }),
  );
  const { changes: done } = await migrate(chatTables);
  await Promise.all(
    chatTables.map(async (table) => {
      const first = firstVersion(table);
      const added = table.columns.filter((column) => !first.columns.includes(column));
      expect(done.some((line) => line.startsWith(`${table.name}: ALTER TABLE`))).toBe(added.length > 0);
      const [kept, ...others] = await rows(`select * from "${table.name}"`);
      expect([table.name, others, Object.keys(kept ?? {})]).toEqual([
        table.name,
        [],
        [...first.columns, ...added].map(({ name }) => name),
      ]);
      for (const { name } of added) expect([table.name, name, kept?.[name]]).toEqual([table.name, name, null]);
      for (const { name } of first.columns) expect([table.name, name, kept?.[name]]).not.toContain(null);
      const all = table.columns.map(({ name }) => `"${name}"`).join(', ');
      await runStatement(
        engine,
        `insert into "${table.name}" (${all}) values (${table.columns.map(sample).join(', ')})`,
      );
      expect(await rows(`select count(*) as n from "${table.name}"`)).toEqual([{ n: '2' }]);
      const properties = await rows(`select key, value from "${table.name}$properties"`);
      expect(Object.fromEntries(properties.map(({ key, value }) => [key, value]))).toMatchObject(
        icebergProperties(table),
      );
    }),
  );
  expect(await migrate(chatTables)).toEqual({ changes: [], undeclared: [] });
}, 300_000);

test('a filled column becomes wider, and what would lose rows stops before anything is changed', async () => {
  const [bronze] = chatTables;
  if (bronze === undefined) throw new Error('no table');
  const named = (name: string, columns: readonly Column[]): Table => ({ ...bronze, name, columns });
  const { eventTime } = bronze;
  const costs = { name: 'costs', description: 'Costs.' };
  const dt = columnOf(bronze, eventTime);
  const narrow = named('widened', [dt, { ...costs, type: 'decimal(18,9)' }]);
  const wide = named('widened', [dt, { ...costs, type: 'decimal(38,9)' }]);
  await migrate([narrow]);
  await runStatement(engine, `insert into widened values (date '2026-01-06', decimal '1.500000000')`);
  expect((await migrate([wide])).changes).toEqual([
    'widened: ALTER TABLE `widened` CHANGE COLUMN `costs` `costs` decimal',
  ]);
  await runStatement(
    engine,
    `insert into widened values (date '2026-01-06', decimal '12345678901234567890.000000000')`,
  );
  expect(await rows('select sum(costs) as costs from widened')).toEqual([{ costs: '12345678901234567891.500000000' }]);
  const first = { ...costs, name: 'dearest', type: 'decimal(18,9)' } as const;
  await expect(migrate([named('another', [dt]), named('widened', [dt, first])])).rejects.toThrow(DestructiveChange);
  expect(await rows(`show tables 'another'`)).toEqual([]);
  expect((await migrate([named('widened', [dt])])).undeclared).toEqual(['widened.costs']);
}, 120_000);

import type { IcebergTable } from '../../../core/catalogue/iceberg-metadata.ts';
import { parseIcebergMetadata } from '../../../core/catalogue/iceberg-metadata.ts';
import { icebergProperties } from '../../../core/catalogue/iceberg-properties.ts';
import { migrateTables, type TableStore } from '../../../core/catalogue/migrate-tables.ts';
import { icebergType, migrationOf } from '../../../core/catalogue/migration.ts';
import { type Column, defineTable, type Table } from '../../../core/catalogue/table.ts';
import { chatTables } from '../../../core/chat/tables.ts';

const visits = defineTable({
  name: 'visits',
  layer: 'bronze',
  description: 'Visits.',
  grain: [],
  columns: [
    { name: 'user_id', type: 'string', description: 'Who.', identifies: { kind: 'user', onErasure: 'delete row' } },
    { name: 'cost', type: 'decimal(18,9)', description: 'Price.' },
    { name: 'dt', type: 'date', description: 'Day.' },
  ],
  eventTime: 'dt',
  partition: [{ transform: 'identity', column: 'dt' }],
  retention: 'days',
}) satisfies Table;
const location = 's3://lake/tables/visits/';
const place = (table: Table) => `s3://lake/tables/${table.name}/`;

/** A table as Iceberg describes it once it has followed its declaration. */
function following(table: Table, changes: Partial<IcebergTable> = {}): IcebergTable {
  return {
    location: place(table).slice(0, -1),
    schemaId: 0,
    fields: table.columns.map(({ name, type }, id) => ({ id, name, type: icebergType(type), required: false })),
    partition: table.partition.map(({ transform, column }) => `${transform}(${column})`),
    properties: {
      ...icebergProperties(table),
      optimize_rewrite_delete_file_threshold: '1',
      optimize_rewrite_data_file_threshold: '1',
      vacuum_max_snapshot_age_seconds: '86400',
      vacuum_min_snapshots_to_keep: '1',
    },
    ...changes,
  };
}

const withColumns = (columns: readonly Column[]): Table => ({ ...visits, columns });

test('a table that is not there is made, with the properties that erasure needs', () => {
  const { statements, properties } = migrationOf(visits, undefined, location);
  expect(statements).toHaveLength(1);
  expect(statements[0]).toMatch(/^CREATE TABLE IF NOT EXISTS `visits`/);
  expect(properties).toMatchObject({
    'commit.manifest.min-count-to-merge': '2',
    'write.delete.isolation-level': 'snapshot',
    'write.metadata.metrics.column.user_id': 'none',
  });
});

test('a table that follows its declaration is left alone, for every table of the catalogue', () => {
  for (const table of [...chatTables, visits]) {
    expect(migrationOf(table, following(table), place(table))).toEqual({
      statements: [],
      properties: {},
      undeclared: [],
    });
  }
});

test('a new column is added and a wider type is taken, without a rewrite', () => {
  const wider = withColumns([
    ...visits.columns.map((column): Column => (column.name === 'cost' ? { ...column, type: 'decimal(38,9)' } : column)),
    { name: 'country', type: 'string', description: "The user's country." },
  ]);
  expect(migrationOf(wider, following(visits), location).statements).toEqual([
    'ALTER TABLE `visits` ADD COLUMNS (`country` string)',
    "ALTER TABLE `visits` CHANGE COLUMN `cost` `cost` decimal(38,9) COMMENT 'Price.'",
  ]);
});

test('properties that have drifted are set again, each where it can be', () => {
  const drifted = following(visits, {
    properties: { ...icebergProperties(visits), 'write.delete.isolation-level': 'x' },
  });
  const { statements, properties } = migrationOf(visits, drifted, location);
  expect(statements).toEqual([
    "ALTER TABLE `visits` SET TBLPROPERTIES ('optimize_rewrite_delete_file_threshold' = '1', 'optimize_rewrite_data_file_threshold' = '1', 'vacuum_max_snapshot_age_seconds' = '86400', 'vacuum_min_snapshots_to_keep' = '1')",
  ]);
  expect(properties).toEqual({ 'write.delete.isolation-level': 'snapshot' });
});

/** A version of `visits` that a rollback comes from. */
const later = (...added: readonly Column[]) => following(withColumns([...visits.columns, ...added]));
const country: Column = { name: 'country', type: 'string', description: 'Where.' };
const guest: Column = {
  name: 'guest_id',
  type: 'string',
  description: 'With whom.',
  identifies: { kind: 'user', onErasure: 'delete row' },
};

test('a column that a later version added stays as it is when that version is rolled back, and is named', () => {
  const left = { statements: [], properties: {}, undeclared: ['country'] };
  expect(migrationOf(visits, later(country), location)).toEqual(left);
});

test.each<[string, Table, IcebergTable, RegExp]>([
  [
    'a column in the place of another',
    withColumns([...visits.columns.slice(0, 2), country]),
    following(visits),
    /has no country and a column dt that is not declared/,
  ],
  [
    'a renamed last column',
    withColumns([...visits.columns, { ...country, name: 'region' }]),
    later(country),
    /has no region and a column country that is not declared/,
  ],
  [
    'a column amid those that are declared',
    withColumns([...visits.columns.slice(0, 1), ...visits.columns.slice(2)]),
    following(visits),
    /column cost that is no longer declared/,
  ],
  [
    'an undeclared column that leads to somebody',
    visits,
    later(guest),
    /column guest_id that leads to somebody, and is no longer declared/,
  ],
  [
    'an undeclared column that insists on a value',
    visits,
    { ...later(), fields: later(country).fields.map((field) => ({ ...field, required: field.name === 'country' })) },
    /insists on a value for country/,
  ],
  [
    'a narrower type',
    withColumns(visits.columns.map((column) => (column.name === 'cost' ? { ...column, type: 'double' } : column))),
    following(visits),
    /cost as decimal\(18, 9\), which cannot become double/,
  ],
  [
    'another partition',
    { ...visits, partition: [{ transform: 'month', column: 'dt' }] },
    following(visits),
    /month\(dt\)/,
  ],
  ['another place', visits, following(visits, { location: 's3://elsewhere/visits' }), /s3:\/\/elsewhere/],
])('%s stops the deployment with the reason', (_, table, existing, message) => {
  expect(() => migrationOf(table, existing, location)).toThrow(message);
  expect(() => migrationOf(table, existing, location)).toThrow(/then deploy again/);
});

/** A catalogue in memory that does what Athena and Glue do with the statements of a migration. */
class MemoryStore implements TableStore {
  readonly tables = new Map<string, IcebergTable>();
  readonly ran: string[] = [];
  readonly #declared: readonly Table[];
  readonly #deaf: boolean;

  constructor(declared: readonly Table[], deaf = false) {
    this.#declared = declared;
    this.#deaf = deaf;
  }

  async read(name: string): Promise<IcebergTable | undefined> {
    return this.tables.get(name);
  }

  async run(sql: string): Promise<void> {
    this.ran.push(sql);
    const table = this.#declared.find(({ name }) => sql.includes(`\`${name}\``));
    if (table === undefined) throw new Error('a statement about no table');
    const refused = new Set(Object.keys(icebergProperties(table)));
    const taken = Object.entries(following(table).properties).filter(([property]) => !refused.has(property));
    const before = this.tables.get(table.name)?.properties ?? {};
    this.tables.set(table.name, following(table, { properties: { ...before, ...Object.fromEntries(taken) } }));
  }

  async setProperties(name: string, existing: IcebergTable, properties: Record<string, string>): Promise<void> {
    if (!this.#deaf) this.tables.set(name, { ...existing, properties: { ...existing.properties, ...properties } });
  }
}

test('a second deployment changes nothing', async () => {
  const store = new MemoryStore([visits]);
  expect((await migrateTables(store, [visits], place)).changes).toHaveLength(2);
  expect(await migrateTables(store, [visits], place)).toEqual({ changes: [], undeclared: [] });
});

test('a rollback goes through, mends what else differs, and says which columns it leaves', async () => {
  const stays: Table = { ...visits, name: 'stays' };
  const store = new MemoryStore([visits, stays]);
  store.tables.set('stays', following(stays));
  store.tables.set('visits', { ...later(country), properties: {} });
  const { changes, undeclared } = await migrateTables(store, [visits, stays], place);
  expect(undeclared).toEqual(['visits.country']);
  expect(changes).toEqual([
    'visits: ALTER TABLE `visits` SET TBLPROPERTIES',
    expect.stringMatching(/^visits: set write/),
  ]);
});

test('a later deployment adds a column, widens a type and adds a table, and touches nothing else', async () => {
  const wider = withColumns([
    ...visits.columns.map((column): Column => (column.name === 'cost' ? { ...column, type: 'decimal(38,9)' } : column)),
    { name: 'country', type: 'string', description: 'Where.' },
  ]);
  const stays: Table = { ...visits, name: 'stays' };
  const added: Table = { ...visits, name: 'added' };
  const store = new MemoryStore([wider, stays, added]);
  store.tables.set('visits', following(visits));
  store.tables.set('stays', following(stays));
  await migrateTables(store, [wider, stays, added], place);
  expect(store.ran.map((sql) => sql.split('\n')[0])).toEqual([
    'ALTER TABLE `visits` ADD COLUMNS (`country` string)',
    "ALTER TABLE `visits` CHANGE COLUMN `cost` `cost` decimal(38,9) COMMENT 'Price.'",
    'CREATE TABLE IF NOT EXISTS `added` (',
  ]);
  expect(await migrateTables(store, [wider, stays, added], place)).toEqual({ changes: [], undeclared: [] });
});

test('nothing is changed when any table would have to lose something', async () => {
  const other: Table = { ...visits, name: 'stays' };
  const store = new MemoryStore([visits, other]);
  store.tables.set('visits', following(visits));
  const narrowed = withColumns(visits.columns.slice(1));
  await expect(migrateTables(store, [other, narrowed], place)).rejects.toThrow('no longer declared');
  expect(store.ran).toEqual([]);
});

test('a property that the catalogue does not take stops the deployment', async () => {
  const store = new MemoryStore([visits], true);
  await expect(migrateTables(store, [visits], place)).rejects.toThrow(
    'visits did not take the properties write.metadata.delete-after-commit.enabled',
  );
});

test('a metadata file says what a table is now, whatever it was before', () => {
  const field = (id: number, name: string, type: string) => ({ id, name, required: false, type });
  const text = JSON.stringify({
    'format-version': 2,
    location: 's3://lake/tables/visits',
    'current-schema-id': 1,
    schemas: [
      { 'schema-id': 0, type: 'struct', fields: [field(1, 'user_id', 'string')] },
      { 'schema-id': 1, type: 'struct', fields: [field(1, 'user_id', 'string'), field(2, 'dt', 'date')] },
    ],
    'default-spec-id': 0,
    'partition-specs': [
      { 'spec-id': 0, fields: [{ 'source-id': 2, 'field-id': 1000, name: 'dt', transform: 'identity' }] },
    ],
    properties: { 'write.format.default': 'parquet' },
  });
  expect(parseIcebergMetadata(text)).toMatchObject({
    location: 's3://lake/tables/visits',
    schemaId: 1,
    partition: ['identity(dt)'],
    properties: { 'write.format.default': 'parquet' },
  });
});

import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { migrationOf } from '../../core/catalogue/migration.ts';
import type { Table } from '../../core/catalogue/table.ts';
import { chatTables } from '../../core/chat/tables.ts';
import { statementsBelow } from '../../local/statements.ts';
import { evolvedPipeline, evolvedStatements, messageOf } from '../maintenance/evolution.ts';
import { runStatement } from './athena-statement.ts';
import { stackAddresses } from './stack-addresses.ts';
import { openTrinoLake, type TrinoLake } from './trino-lake.ts';

const open = (more: Partial<Parameters<typeof openTrinoLake>[0]> = {}) =>
  openTrinoLake({
    athenaUrl: stackAddresses().athenaUrl,
    location: 's3://lethe-lake/evolution',
    settings: { minimumUsersPerCell: 1 },
    at: new Date('2026-03-04T02:00:00Z'),
    ...more,
  });

/** What the migration does to a table that was declared as `before`. */
function migration(before: Table, now: Table): readonly string[] {
  const types: Record<string, string> = { bigint: 'long' };
  return migrationOf(
    now,
    {
      location: 's3://x/',
      schemaId: 0,
      fields: before.columns.map(({ name, type }, at) => ({
        id: at + 1,
        name,
        required: false,
        type: types[type] ?? type.replace(',', ', '),
      })),
      partition: before.partition.map(({ transform, column }) => `${transform}(${column})`),
      properties: {},
    },
    's3://x/',
  ).statements.filter((statement) => !statement.includes('TBLPROPERTIES'));
}

test('a new optional field goes through filled Iceberg tables, from the topic to gold, and old rows stay', async () => {
  const sql = evolvedStatements();
  const day = (from: string, to: string) => ({ mode: 'named', window: { grain: 'day', from, to } });
  let lake: TrinoLake | undefined;
  try {
    const before = await open();
    await before.ingest('chat', [messageOf('2026-03-02', { language: 'ko' }), messageOf('2026-03-02')]);
    await before.run('backfill', { from: '2026-03-02', to: '2026-03-02' });
    const gold = await before.query('select * from gold_time_series order by platform');

    const statements = evolvedPipeline.tables.flatMap((table) => {
      const old = chatTables.find(({ name }) => name === table.name);
      return old === undefined ? [] : migration(old, table);
    });
    expect(statements.map((statement) => statement.split(/\s*\(/)[0])).toEqual([
      'ALTER TABLE `bronze_chat_events` ADD COLUMNS',
      'ALTER TABLE `silver_messages` ADD COLUMNS',
      'ALTER TABLE `gold_model_breakdown` ADD COLUMNS',
    ]);
    for (const statement of statements) await runStatement(before.runtime.engine, statement);

    lake = await open({ database: before.database, pipelines: [evolvedPipeline] });
    Object.assign(lake.runtime, { statement: statementsBelow(sql, join(import.meta.dirname, '..', '..', 'sql')) });
    // By name: a column that was added comes last, whatever its place in the declaration.
    await runStatement(
      lake.runtime.engine,
      `insert into bronze_chat_events (chat_id, user_id, room_id, "timestamp", dt, language, total_tokens)
       values ('n1', 'u1', 'r', timestamp '2026-03-03 10:00:00', date '2026-03-03', 'de', 5),
              ('n2', 'u2', 'r', timestamp '2026-03-03 11:00:00', date '2026-03-03', null, 5)`,
    );
    for (const window of [day('2026-03-02', '2026-03-03'), day('2026-03-03', '2026-03-04')]) {
      await lake.run('silver-daily', { ...window, mode: 'backfill' });
      await lake.run('gold-daily', { ...window, mode: 'backfill' });
    }
    expect(
      await lake.query('select dt, language, count(*) as n from silver_messages group by 1, 2 order by 1, 2'),
    ).toEqual([
      { dt: '2026-03-02', language: 'Unknown', n: '2' },
      { dt: '2026-03-03', language: 'Unknown', n: '1' },
      { dt: '2026-03-03', language: 'de', n: '1' },
    ]);
    expect(
      await lake.query(
        "select dimension_value, active_users from gold_active_user_breakdown where dimension = 'LANGUAGE' and platform = 'All' and period_start = date '2026-03-03' order by 1",
      ),
    ).toEqual([
      { dimension_value: 'Unknown', active_users: '1' },
      { dimension_value: 'de', active_users: '1' },
    ]);
    expect(
      await lake.query(
        "select period_start, languages_cnt from gold_model_breakdown where platform = 'All' order by 1",
      ),
    ).toEqual([
      { period_start: '2026-03-02', languages_cnt: '1' },
      { period_start: '2026-03-03', languages_cnt: '2' },
    ]);
    expect(
      await lake.query("select * from gold_time_series where period_start = date '2026-03-02' order by platform"),
    ).toEqual(gold);
    await before.close();
  } finally {
    await lake?.close();
    rmSync(sql, { recursive: true, force: true });
  }
}, 600_000);

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openLake, query } from '../local/embedded-lake.ts';
import { evolvedPipeline, evolvedStatements, messageOf } from './evolution.ts';

test('a new optional field goes from the topic to gold, in a home that is full already', async () => {
  const home = mkdtempSync(join(tmpdir(), 'lethe-evolution-'));
  const sql = evolvedStatements();
  const daily = (date: string) => ({
    mode: 'named' as const,
    window: { grain: 'day' as const, from: date, to: `2026-03-0${Number(date.at(-1)) + 1}` },
  });
  try {
    const before = await openLake({ minimumUsersPerCell: 1 }, { home, at: new Date('2026-03-03T02:00:00Z') });
    await before.ingest('chat', [messageOf('2026-03-02', { language: 'ko' }), messageOf('2026-03-02')]);
    await before.session.run('backfill', { from: '2026-03-02', to: '2026-03-02' });
    const gold = await query(before.session, 'select * from gold_time_series order by platform');
    await before.session.close();

    const at = new Date('2026-03-04T02:00:00Z');
    const lake = await openLake({ minimumUsersPerCell: 1 }, { home, at, pipelines: [evolvedPipeline], sql: [sql] });
    await lake.ingest('chat', [
      messageOf('2026-03-03', { language: 'de' }),
      messageOf('2026-03-03', { language: 'ko' }),
      messageOf('2026-03-03'),
    ]);
    for (const date of ['2026-03-02', '2026-03-03']) {
      await lake.session.run('silver-daily', daily(date));
      await lake.session.run('gold-daily', daily(date));
    }
    const asked = (text: string) => query(lake.session, text);
    // What was delivered before the field was known was dropped, and stays unknown.
    expect(await asked('select dt, language from bronze_chat_events order by dt, language nulls last')).toEqual([
      { dt: '2026-03-02', language: null },
      { dt: '2026-03-02', language: null },
      { dt: '2026-03-03', language: 'de' },
      { dt: '2026-03-03', language: 'ko' },
      { dt: '2026-03-03', language: null },
    ]);
    expect(
      await asked('select dt, language, count(*) as n from silver_messages group by dt, language order by 1, 2'),
    ).toEqual([
      { dt: '2026-03-02', language: 'Unknown', n: '2' },
      { dt: '2026-03-03', language: 'Unknown', n: '1' },
      { dt: '2026-03-03', language: 'de', n: '1' },
      { dt: '2026-03-03', language: 'ko', n: '1' },
    ]);
    expect(
      await asked(
        "select period_start, dimension_value, active_users from gold_active_user_breakdown where dimension = 'LANGUAGE' and platform = 'All' order by 1, 2",
      ),
    ).toEqual([
      { period_start: '2026-03-02', dimension_value: 'Unknown', active_users: '2' },
      { period_start: '2026-03-03', dimension_value: 'Unknown', active_users: '1' },
      { period_start: '2026-03-03', dimension_value: 'de', active_users: '1' },
      { period_start: '2026-03-03', dimension_value: 'ko', active_users: '1' },
    ]);
    expect(
      await asked(
        "select period_start, languages_cnt, messages_cnt from gold_model_breakdown where platform = 'All' order by 1",
      ),
    ).toEqual([
      { period_start: '2026-03-02', languages_cnt: '1', messages_cnt: '2' },
      { period_start: '2026-03-03', languages_cnt: '3', messages_cnt: '3' },
    ]);
    expect(
      await asked("select * from gold_time_series where period_start = date '2026-03-02' order by platform"),
    ).toEqual(gold);
    await lake.session.close();
  } finally {
    rmSync(home, { recursive: true, force: true });
    rmSync(sql, { recursive: true, force: true });
  }
}, 120_000);

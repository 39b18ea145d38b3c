import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { goldPeriodStatus, silverMessages, silverUserDaily } from '../../core/chat/tables.ts';
import { withdrawRequest } from '../../core/dsr/receive.ts';
import { lateRecords } from '../../local/cli/lake-questions.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';
import { gold, message, removeSources, submit, tick, tickToTheEnd, toolCall } from './erasing-lake.ts';

// Each test runs a workflow of sixty states several times.
jest.setTimeout(120_000);

const leaver = 'leaver-3f1c9a';
const stayer = 'stayer-77b2e0';

describe('an erasure', () => {
  let lake: EmbeddedLake;
  beforeEach(async () => {
    lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-05T02:00:00Z') });
    await lake.ingest('chat', [
      message('c1', leaver, '2026-03-03T10:00:00Z'),
      message('c2', leaver, '2026-03-04T10:00:00Z'),
      message('c3', stayer, '2026-03-04T10:00:00Z'),
    ]);
    await lake.ingest('tool', [toolCall('t1', 'c2', leaver, '2026-03-04T10:00:01Z')]);
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
  });
  afterEach(() => lake.close());

  const usersIn = async (table: string) =>
    (await query(lake.session, `select distinct user_id from ${table} order by 1`)).map(({ user_id }) => user_id);
  const weeks = () =>
    query(
      lake.session,
      `select platform, messages_cnt, active_users from gold_time_series where grain = 'WEEKLY' and platform <> 'All' order by 1`,
    );
  const requests = () => lake.session.erasures.store.requests();
  const day = (from: string, to: string) => ({ mode: 'named', window: { grain: 'day', from, to } }) as const;

  test('keeps late events in its scope out of everything derived while it lasts, and sweeps them up', async () => {
    await submit(lake, leaver);
    await tick(lake);
    await lake.ingest('chat', [
      message('c4', leaver, '2026-03-04T23:00:00Z'),
      // After the request: a new relation, which stays.
      message('c5', leaver, '2026-03-05T10:00:00Z'),
    ]);
    lake.at = new Date('2026-03-06T03:00:00Z');
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('silver-daily', day('2026-03-04', '2026-03-05'));
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-05' });
    expect((await lake.rows(silverMessages)).map(({ chat_id }) => chat_id)).toEqual(['c3', 'c5']);
    expect(await usersIn('bronze_chat_events')).toEqual([leaver, stayer]);
    const [batch] = await tickToTheEnd(lake);
    expect(batch?.rounds.map(({ kind }) => kind)).toEqual(['erasure', 'sweep']);
    expect(batch?.rounds[1]?.before.bronze_chat_events).toEqual({ '2026-03-04': { all: 2, subjects: 1 } });
    const left = await query(lake.session, 'select chat_id from bronze_chat_events order by 1');
    expect(left.map(({ chat_id }) => chat_id)).toEqual(['c3', 'c5']);
    removeSources(lake);
  });

  test('makes the built periods it touches final, and nothing builds them again', async () => {
    const before = gold(await lake.tables());
    await submit(lake, leaver);
    await tick(lake);
    const status = (await lake.rows(goldPeriodStatus)).map(({ period_start, state }) => `${period_start} ${state}`);
    expect(status).toEqual(['2026-03-03 final', '2026-03-04 final']);
    await expect(lake.session.run('gold-daily', day('2026-03-04', '2026-03-05'))).rejects.toMatchObject({
      name: 'WindowIncomplete',
      message: expect.stringContaining('people have been erased'),
    });
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
    await lake.ingest('chat', [message('c6', stayer, '2026-03-04T12:00:00Z')]);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('gold-daily', { mode: 'scheduled' });
    expect(gold(await lake.tables())).toEqual(before);
    // A week that ends later is built from the days' gold and the people who are left.
    lake.at = new Date('2026-03-09T05:00:00Z');
    await lake.session.run('backfill', { from: '2026-03-05', to: '2026-03-08' });
    const [week] = await query(
      lake.session,
      `select messages_cnt, active_users from gold_time_series where grain = 'WEEKLY' and platform = 'All'`,
    );
    expect(week).toEqual({ messages_cnt: '3', active_users: '1' });
  });

  test('lets late records of the days that it has sealed count as late, and change nothing', async () => {
    await submit(lake, leaver);
    await tick(lake);
    await lake.ingest(
      'chat',
      ['l1', 'l2', 'l3'].map((chat) => message(chat, `user-${chat}`, '2026-03-04T11:00:00Z')),
    );
    const chats = async () => (await lake.rows(silverMessages)).map(({ chat_id }) => chat_id).sort();
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('backfill', { from: '2026-03-03', to: '2026-03-04' });
    expect(await chats()).toEqual(['c3']);
    expect(await lateRecords(lake.session)).toEqual({ waiting: 0, tooLate: 3 });
    lake.at = new Date('2026-03-09T05:00:00Z');
    await lake.session.run('backfill', { from: '2026-03-05', to: '2026-03-08' });
    expect(await weeks()).toEqual([{ platform: 'web', messages_cnt: '3', active_users: '1' }]);
  });

  test('leaves a day of which gold is not built open to the next run, also for as many late records as rows that went', async () => {
    lake.at = new Date('2026-03-06T02:00:00Z');
    await lake.ingest('chat', [
      message('c4', leaver, '2026-03-05T10:00:00Z'),
      message('c5', stayer, '2026-03-05T10:00:00Z'),
    ]);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await submit(lake, leaver);
    await tick(lake);
    await lake.ingest('chat', [message('late', stayer, '2026-03-05T11:00:00Z')]);
    const chats = async () => (await lake.rows(silverMessages)).map(({ chat_id }) => chat_id).sort();
    expect(await chats()).toEqual(['c3', 'c5']);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    expect(await chats()).toEqual(['c3', 'c5', 'late']);
  });

  test('builds weeks also when silver of a sealed day is built again by name, with people and platforms that no day of gold has', async () => {
    await submit(lake, leaver);
    await tick(lake);
    const late = ['l1', 'l2', 'l3', 'l4'].map((chat) =>
      message(chat, `user-${chat}`, '2026-03-04T11:00:00Z', { platform: chat === 'l4' ? 'ios' : 'web' }),
    );
    await lake.ingest('chat', late);
    await lake.session.run('silver-daily', day('2026-03-04', '2026-03-05'));
    lake.at = new Date('2026-03-09T05:00:00Z');
    await lake.session.run('backfill', { from: '2026-03-05', to: '2026-03-08' });
    expect(await weeks()).toEqual([
      { platform: 'ios', messages_cnt: '0', active_users: '1' },
      { platform: 'web', messages_cnt: '3', active_users: '4' },
    ]);
  });

  test('is one for a person who asks twice, has requests of its own for those without rows, and can be run again', async () => {
    await submit(lake, leaver, leaver, 'nobody-here-5a');
    const [batch] = await tickToTheEnd(lake);
    expect(batch).toMatchObject({ subjects: 2, stage: 'closed' });
    expect((await requests()).map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
    const after = await lake.tables();
    await tick(lake);
    expect(await lake.tables()).toEqual(after);
    const statuses = (await lake.session.erasures.store.untold(1_000)).map(({ status }) => status);
    expect(statuses.filter((status) => status === 'completed')).toHaveLength(3);
  });

  test('can be withdrawn while it is pending, and not after', async () => {
    const [first = '', second = ''] = await submit(lake, leaver, stayer);
    await withdrawRequest(lake.session.erasures, first, lake.at);
    await tick(lake);
    await expect(withdrawRequest(lake.session.erasures, second, lake.at)).rejects.toThrow(
      /is in_progress: only a pending/,
    );
    await tickToTheEnd(lake);
    expect(await usersIn('silver_messages')).toEqual([leaver]);
    expect((await requests()).map(({ status }) => status)).toEqual(['cancelled', 'completed']);
    expect(await lake.session.erasures.vault.get([first])).toEqual(new Map());
  });

  test('takes its turn: two runs at once come to one batch', async () => {
    await submit(lake, leaver);
    const run = () => lake.session.run('dsr', { mode: 'scheduled' });
    await Promise.all([run(), run()]);
    expect(await lake.session.erasures.store.batches()).toMatchObject([{ stage: 'erased', subjects: 1 }]);
    await submit(lake, stayer);
    await tick(lake);
    const batches = await tickToTheEnd(lake);
    expect(batches.map(({ subjects }) => subjects).reduce((sum, subjects) => sum + subjects, 0)).toBe(2);
    expect(await lake.rows(silverUserDaily)).toEqual([]);
  });

  test('is not proven while a file still holds an identifier, and says which file and never which', async () => {
    await submit(lake, leaver);
    await tick(lake);
    const planted = join(lake.home, 'erasures', 'forgotten.txt');
    writeFileSync(planted, `row of ${leaver}`);
    for (let tries = 1; tries < 3; tries++) {
      lake.at = new Date(lake.at.getTime() + 26 * 3_600_000);
      expect(await tick(lake)).toMatchObject([{ stage: 'opened' }]);
      expect(await tick(lake)).toMatchObject([{ stage: 'erased' }]);
    }
    lake.at = new Date(lake.at.getTime() + 26 * 3_600_000);
    const failure = await lake.session.run('dsr', { mode: 'scheduled' }).catch((error: unknown) => error);
    expect(failure).toMatchObject({ name: 'CheckFailed', message: expect.stringContaining('erasures/forgotten.txt') });
    expect(String(failure)).not.toContain(leaver);
    writeFileSync(planted, '');
    expect((await tickToTheEnd(lake)).map(({ stage }) => stage)).toEqual(['closed']);
  });

  test('leaves no identifier in the text of a statement, a failure or a record', async () => {
    const sent: string[] = [];
    const { engine } = lake.session.runtime;
    const start = engine.start.bind(engine);
    engine.start = (sql, token) => {
      sent.push(sql);
      return start(sql, token);
    };
    await submit(lake, leaver);
    await tickToTheEnd(lake);
    const { store } = lake.session.erasures;
    const runs = await lake.session.runtime.ledger.latestRuns(100);
    const records = [sent, runs, await store.requests(), await store.batches(), await store.untold(1_000)];
    expect(sent.length).toBeGreaterThan(20);
    expect(JSON.stringify(records)).not.toContain(leaver);
  });
});

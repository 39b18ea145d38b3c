import type { Table } from '../../core/catalogue/table.ts';
import {
  goldPeriodStatus,
  goldTimeSeries,
  goldToolCallBreakdown,
  silverMessages,
  silverToolCalls,
} from '../../core/chat/tables.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';

const message = (id: string, timestamp: string, more: object = {}) =>
  JSON.stringify({ chat_id: id, user_id: `user of ${id}`, room_id: 'r', timestamp, platform: 'web', ...more });
const toolCall = (id: string, chat: string, timestamp: string) =>
  JSON.stringify({ reasoning_steps_id: id, chat_id: chat, user_id: 'u', timestamp, tool_type: 'search' });

describe('the scheduled runs of a lake whose clock goes from day to day', () => {
  let lake: EmbeddedLake;
  /** A state in which runs fail. */
  let failing: string | undefined;
  beforeEach(async () => {
    failing = undefined;
    const onState = ({ state }: { readonly state: string }) => {
      if (state === failing) throw new Error('stopped');
    };
    lake = await openLake({ minimumUsersPerCell: 1 }, { onState });
  });
  afterEach(() => lake.close());

  /** The morning after a day: what arrived until then, and the runs that are due. */
  const morning = async (date: string, chat: string[] = [], tool: string[] = []) => {
    lake.at = new Date(`${date}T02:00:00Z`);
    if (chat.length > 0) await lake.ingest('chat', chat);
    if (tool.length > 0) await lake.ingest('tool', tool);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('gold-daily', { mode: 'scheduled' });
  };
  const messagesOf = async (day: string) =>
    (await lake.rows(goldTimeSeries)).find(
      (row) => row.platform === 'All' && row.grain === 'DAILY' && row.period_start === day,
    )?.messages_cnt;
  const statusOf = async (start: string, grain = 'DAILY') =>
    (await lake.rows(goldPeriodStatus)).find((row) => row.grain === grain && row.period_start === start);
  const count = async (table: Table) => (await lake.rows(table)).length;
  const lastRun = async () => (await lake.session.runtime.ledger.latestRuns(1))[0];
  const changedBy = async (run: string) =>
    (await lake.session.runtime.ledger.statementsOf(run)).filter(({ rowsChanged = 0 }) => rowsChanged > 0);

  test('build a day when it has ended, again while late events change it, and no more once it is final', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    expect(await messagesOf('2026-03-02')).toBe(1n);
    expect(await lake.rows(goldPeriodStatus)).toMatchObject([
      { grain: 'DAILY', period_start: '2026-03-02', state: 'provisional', complete_through: '2026-03-02' },
    ]);

    await morning('2026-03-05', [message('b', '2026-03-02T11:00:00Z')]);
    expect(await messagesOf('2026-03-02')).toBe(2n);
    expect(await statusOf('2026-03-02')).toMatchObject({ state: 'provisional' });

    await morning('2026-03-06', [message('c', '2026-03-02T12:00:00Z')]);
    expect(await messagesOf('2026-03-02')).toBe(3n);
    expect(await statusOf('2026-03-02')).toMatchObject({ state: 'final' });

    await morning('2026-03-06', [message('after', '2026-03-02T12:30:00Z')]);
    expect(await count(silverMessages)).toBe(3);
    await morning('2026-03-07', [message('d', '2026-03-02T13:00:00Z')]);
    expect(await messagesOf('2026-03-02')).toBe(3n);
    expect(await count(silverMessages)).toBe(3);

    await lake.session.run('silver-daily', {
      mode: 'named',
      window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' },
    });
    await lake.session.run('gold-daily', {
      mode: 'named',
      window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' },
    });
    expect(await messagesOf('2026-03-02')).toBe(5n);
  });

  test('build a week and a month when they have ended, and again when a late event changes one of their days', async () => {
    for (const day of ['2026-03-28', '2026-03-29', '2026-03-30', '2026-03-31', '2026-04-01']) {
      const before = new Date(Date.parse(day) - 86_400_000).toISOString().slice(0, 10);
      await morning(day, [message(`m ${before}`, `${before}T12:00:00Z`)]);
    }
    await lake.session.run('gold-weekly', { mode: 'scheduled' });
    await lake.session.run('gold-monthly', { mode: 'scheduled' });
    const weeklyAndMonthly = async () =>
      (await lake.rows(goldTimeSeries))
        .filter((row) => row.platform === 'All' && row.grain !== 'DAILY')
        .map((row) => `${row.grain} ${row.period_start} ${row.messages_cnt}`)
        .sort();
    expect(await weeklyAndMonthly()).toEqual(['MONTHLY 2026-03-01 5', 'WEEKLY 2026-03-23 3']);
    expect(await statusOf('2026-03-23', 'WEEKLY')).toMatchObject({
      state: 'provisional',
      complete_through: '2026-03-29',
    });

    await morning('2026-04-02', [message('late', '2026-03-29T23:59:59.999Z')]);
    await lake.session.run('gold-weekly', { mode: 'scheduled' });
    await lake.session.run('gold-monthly', { mode: 'scheduled' });
    expect(await weeklyAndMonthly()).toEqual(['MONTHLY 2026-03-01 6', 'WEEKLY 2026-03-23 4']);
    expect(await statusOf('2026-03-23', 'WEEKLY')).toMatchObject({ state: 'final' });
    expect(await statusOf('2026-03-01', 'MONTHLY')).toMatchObject({ state: 'provisional' });
  });

  test('find nothing to do when they start a second time', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    const silver = await lastRun();
    await lake.session.run('gold-daily', { mode: 'scheduled' });
    const gold = await lastRun();
    expect(silver).toMatchObject({ workflow: 'silver-daily', outcome: 'succeeded' });
    expect(await changedBy(silver?.id ?? '')).toEqual([]);
    expect(await changedBy(gold?.id ?? '')).toEqual([]);
  });

  test('catch up on days that an outage has missed', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await morning('2026-03-06', [message('b', '2026-03-03T10:00:00Z'), message('c', '2026-03-05T10:00:00Z')]);
    expect([await messagesOf('2026-03-03'), await messagesOf('2026-03-04'), await messagesOf('2026-03-05')]).toEqual([
      1n,
      undefined,
      1n,
    ]);
    expect(await statusOf('2026-03-04')).toMatchObject({ complete_through: '2026-03-04' });
  });

  test('catch up on days and weeks that an outage longer than the look-back has missed, as far as retention keeps them', async () => {
    const weeks = async () =>
      (await lake.rows(goldPeriodStatus)).filter(({ grain }) => grain === 'WEEKLY').map((row) => row.period_start);
    const built = async (from: string, to: string) =>
      (await lake.session.runtime.ledger.builtPeriods('silver-daily', from, to)).length;
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await morning('2026-03-09', [message('b', '2026-03-08T10:00:00Z')]);
    await lake.session.run('gold-weekly', { mode: 'scheduled' });
    expect(await weeks()).toEqual(['2026-03-02']);
    // Three weeks later: more days than one run takes up.
    await morning('2026-04-13', [message('c', '2026-03-11T10:00:00Z'), message('d', '2026-03-26T10:00:00Z')]);
    await lake.session.run('gold-weekly', { mode: 'scheduled' });
    expect([await messagesOf('2026-03-11'), await messagesOf('2026-03-26')]).toEqual([1n, 1n]);
    expect(await statusOf('2026-03-26')).toMatchObject({ state: 'final', complete_through: '2026-03-26' });
    expect(await weeks()).toEqual(['2026-03-02', '2026-03-09', '2026-03-16', '2026-03-23', '2026-03-30', '2026-04-06']);

    // Of ten weeks the older ones are past retention, and those between are a month away.
    await morning('2026-06-22');
    expect(await built('2026-04-13', '2026-06-22')).toBe(35);
    expect(await changedBy((await lastRun())?.id ?? '')).not.toEqual([]);
  });

  test('catch up on a month whose mornings were all missed', async () => {
    await lake.ingest('chat', [message('a', '2026-02-27T10:00:00Z'), message('b', '2026-03-30T10:00:00Z')]);
    lake.at = new Date('2026-03-29T02:00:00Z');
    await lake.session.run('backfill', { from: '2026-02-27', to: '2026-03-28' });
    await morning('2026-04-08');
    await lake.session.run('gold-monthly', { mode: 'scheduled' });
    expect(await statusOf('2026-03-01', 'MONTHLY')).toMatchObject({ state: 'final', complete_through: '2026-03-31' });
  });

  test('build the newest days although a missed one goes on failing, and leave that one alone after three runs', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    const { engine } = lake.session.runtime;
    const start = engine.start.bind(engine);
    engine.start = (sql, token) => {
      const [, from = '', to = ''] =
        /^merge into "silver_messages"[\s\S]*?dt >= date '(.*?)' and dt < date '(.*?)'/.exec(sql) ?? [];
      const isPoor = from <= '2026-03-04' && '2026-03-04' < to;
      return start(isPoor ? 'select poor from silver_messages' : sql, token);
    };
    const built = async () =>
      (await lake.session.runtime.ledger.builtPeriods('silver-daily')).map(({ period }) => period.from);
    for (const day of ['10', '11', '12']) {
      await expect(morning(`2026-03-${day}`)).rejects.toMatchObject({ name: 'StatementFailed' });
      expect(await built()).toContain(`2026-03-${String(Number(day) - 1).padStart(2, '0')}`);
      expect(await built()).not.toContain('2026-03-05');
    }
    await morning('2026-03-13');
    expect(await built()).toEqual(expect.arrayContaining(['2026-03-03', '2026-03-05', '2026-03-06', '2026-03-12']));
    expect(await built()).not.toContain('2026-03-04');
  });

  test('give a tool call before midnight its platform when the day of its chat has been built', async () => {
    const platformOf = async () => (await lake.rows(silverToolCalls)).map((row) => row.platform);
    const goldPlatforms = async () => (await lake.rows(goldToolCallBreakdown)).map((row) => row.platform).sort();
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')], [toolCall('t', 'b', '2026-03-02T23:59:59Z')]);
    expect(await platformOf()).toEqual(['Unknown']);
    await morning('2026-03-04', [message('b', '2026-03-03T00:00:01Z', { platform: 'ios' })]);
    expect(await platformOf()).toEqual(['ios']);
    expect(await goldPlatforms()).toEqual(['All', 'ios']);
  });

  test('of silver are followed by gold, also when one fails after it has written and the next finds all done', async () => {
    const goldPlatforms = async () => (await lake.rows(goldToolCallBreakdown)).map((row) => row.platform).sort();
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')], [toolCall('t', 'b', '2026-03-02T23:59:59Z')]);
    failing = 'Record the pass';
    const late = [message('b', '2026-03-03T00:00:01Z', { platform: 'ios' }), message('c', '2026-03-02T11:00:00Z')];
    await expect(morning('2026-03-04', late)).rejects.toThrow('see the log of the task that failed');
    failing = undefined;
    await morning('2026-03-04');
    expect(await goldPlatforms()).toEqual(['All', 'ios']);
    expect(await messagesOf('2026-03-02')).toBe(2n);
  });

  test('refuse a day that has not ended, and a week whose silver is not complete, and say which', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await expect(
      lake.session.run('silver-daily', {
        mode: 'named',
        window: { grain: 'day', from: '2026-03-03', to: '2026-03-04' },
      }),
    ).rejects.toMatchObject({ name: 'WindowIncomplete', message: expect.stringContaining('2026-03-03 to 2026-03-04') });
    await expect(
      lake.session.run('gold-weekly', {
        mode: 'named',
        window: { grain: 'week', from: '2026-03-02', to: '2026-03-09' },
      }),
    ).rejects.toMatchObject({ name: 'WindowIncomplete', message: expect.stringContaining('has not built 2026-03-03') });
    expect(await lastRun()).toMatchObject({ workflow: 'gold-weekly', outcome: 'failed' });
  });

  test('stop at a failed check, and name the check and the day', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await query(lake.session, `insert into silver_messages select * from silver_messages`);
    await expect(
      lake.session.run('gold-daily', { mode: 'named', window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' } }),
    ).rejects.toMatchObject({
      name: 'CheckFailed',
      // Both of these find it, at the same time: the first to end is named.
      message: expect.stringMatching(/checks\/gold_(days_match_silver|buckets_add_up).*2026-03-02/),
    });
  });

  test('drop days past retention, keep gold, and never build again from what is left', async () => {
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await morning('2026-03-10');
    lake.at = new Date('2026-04-16T06:00:00Z');
    await lake.session.run('maintenance', { mode: 'scheduled' });
    expect(await count(silverMessages)).toBe(1);
    // Week and month were never built: the day is held for a week, and then goes all the same.
    lake.at = new Date('2026-04-24T06:00:00Z');
    await lake.session.run('maintenance', { mode: 'named' });
    expect(await count(silverMessages)).toBe(0);
    expect(await messagesOf('2026-03-02')).toBe(1n);
    await expect(
      lake.session.run('gold-daily', { mode: 'named', window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' } }),
    ).rejects.toMatchObject({
      name: 'WindowIncomplete',
      message: expect.stringContaining('retention has dropped 2026-03-02'),
    });
    const day = { mode: 'named', window: { grain: 'day', from: '2026-03-02', to: '2026-03-03' } } as const;
    await expect(lake.session.run('silver-daily', day)).rejects.toMatchObject({
      name: 'WindowIncomplete',
      message: expect.stringContaining('retention has dropped 2026-03-02'),
    });
    // Around the day, and over it.
    for (const from of ['2026-03-03', '2026-03-01']) {
      await lake.session.run('backfill', { from, to: '2026-03-09' });
      expect(await messagesOf('2026-03-02')).toBe(1n);
      await expect(lake.session.run('gold-daily', day)).rejects.toMatchObject({ name: 'WindowIncomplete' });
    }
  });

  test('leave days alone that retention has dropped within the look-back', async () => {
    await lake.close();
    lake = await openLake({ minimumUsersPerCell: 1, retentionDays: 1, lookbackDays: 14 });
    await morning('2026-03-03', [message('a', '2026-03-02T10:00:00Z')]);
    await morning('2026-03-12', [message('b', '2026-03-11T10:00:00Z')]);
    lake.at = new Date('2026-03-12T06:00:00Z');
    await lake.session.run('maintenance', { mode: 'named' });
    expect((await lake.rows(silverMessages)).map(({ chat_id }) => chat_id)).toEqual(['b']);
    await morning('2026-03-12');
    expect(await messagesOf('2026-03-02')).toBe(1n);
  });
});

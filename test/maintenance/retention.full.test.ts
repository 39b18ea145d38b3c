import { bronzeChatEvents, goldTimeSeries, silverMessages } from '../../core/chat/tables.ts';
import { submit } from '../dsr/erasing-lake.ts';
import { type EmbeddedLake, openLake, query } from '../local/embedded-lake.ts';

const message = (id: string, day: string, user = 'u') =>
  JSON.stringify({ chat_id: id, user_id: user, room_id: 'r', timestamp: `${day}T10:00:00Z`, platform: 'web' });

describe('maintenance of an embedded lake', () => {
  let lake: EmbeddedLake;
  const daysOf = async (table: typeof bronzeChatEvents | typeof silverMessages) =>
    (await lake.rows(table)).map(({ dt }) => dt).sort();
  const newest = async (workflow: string) =>
    (await lake.session.runtime.ledger.latestRuns(50)).find((run) => run.workflow === workflow);

  beforeEach(async () => {
    lake = await openLake({ minimumUsersPerCell: 1, retentionDays: 10 }, { at: new Date('2026-03-20T06:00:00Z') });
    await lake.ingest('chat', [
      message('a', '2026-03-08', 'v'),
      message('b', '2026-03-10'),
      message('c', '2026-03-19', 'w'),
    ]);
    await lake.session.run('backfill', { from: '2026-03-08', to: '2026-03-19' });
  });
  afterEach(() => lake.close());

  test('a dry run says what would go, and nothing goes', async () => {
    // Their month is not over, which would hold the days for a week.
    lake.at = new Date('2026-03-27T06:00:00Z');
    await lake.session.run('maintenance', { mode: 'named', dryRun: true });
    const run = await newest('maintenance');
    expect(run?.maintenance?.map(({ table, drops }) => [table, drops[0]?.to])).toContainEqual([
      'silver_messages',
      '2026-03-10',
    ]);
    expect(run?.maintenance?.every(({ after }) => after === undefined)).toBe(true);
    expect(await daysOf(bronzeChatEvents)).toEqual(['2026-03-08', '2026-03-10', '2026-03-19']);
    expect((await lake.session.runtime.ledger.builtPeriods('silver-daily'))[0]).toMatchObject({ state: 'final' });

    await lake.session.run('maintenance', { mode: 'scheduled' });
    expect([await daysOf(bronzeChatEvents), await daysOf(silverMessages)]).toEqual([
      ['2026-03-10', '2026-03-19'],
      ['2026-03-10', '2026-03-19'],
    ]);
    expect((await newest('maintenance-table'))?.maintenance).toMatchObject([{ after: { files: 2 } }]);
    const gold = (await lake.rows(goldTimeSeries)).map(({ period_start }) => period_start);
    expect(gold).toContain('2026-03-08');
    // A second run finds every table in order.
    await lake.session.run('maintenance', { mode: 'scheduled' });
    expect((await newest('maintenance'))?.maintenance).toEqual([]);
  });

  test('people are erased on days on which retention drops others', async () => {
    lake.at = new Date('2026-03-26T07:00:00Z');
    await submit(lake, 'u');
    await lake.session.run('dsr', { mode: 'scheduled' });
    // The month is not over: the oldest day goes after a week.
    lake.at = new Date('2026-03-27T06:00:00Z');
    await lake.session.run('maintenance', { mode: 'scheduled' });
    lake.at = new Date('2026-03-27T08:00:00Z');
    await lake.session.run('dsr', { mode: 'scheduled' });
    const [batch] = await lake.session.erasures.store.batches();
    expect(batch?.stage).toBe('proven');
    expect(await daysOf(bronzeChatEvents)).toEqual(['2026-03-19']);
  });

  test('a clock that is a year fast drops nothing, and says why', async () => {
    lake.at = new Date('2027-03-20T06:00:00Z');
    await expect(lake.session.run('maintenance', { mode: 'scheduled' })).rejects.toMatchObject({
      name: 'RetentionRefused',
      message: expect.stringContaining('The newest data is of 2026-03-19'),
    });
    expect(await daysOf(bronzeChatEvents)).toHaveLength(3);
    expect((await newest('maintenance'))?.failure).toContain('lethe run maintenance --dry-run');
  });

  test('days in the future stop a scheduled run, and go when maintenance is run by name', async () => {
    await query(
      lake.session,
      `insert into bronze_chat_events select * replace (date '2026-05-01' as dt) from bronze_chat_events where chat_id = 'c'`,
    );
    await expect(lake.session.run('maintenance', { mode: 'scheduled' })).rejects.toMatchObject({
      name: 'RetentionRefused',
      message: expect.stringContaining('bronze_chat_events has days up to 2026-05-01'),
    });
    await lake.session.run('maintenance', { mode: 'named' });
    expect(await daysOf(bronzeChatEvents)).not.toContain('2026-05-01');
  });
});

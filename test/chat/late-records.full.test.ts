import { silverMessages } from '../../core/chat/tables.ts';
import { mostBuilds } from '../../core/lake/run-statement.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';

const message = (id: string) =>
  JSON.stringify({ chat_id: id, user_id: 'u', room_id: 'r', timestamp: '2026-03-02T10:00:00Z', platform: 'web' });
const isSourceCheck = (sql: string) => sql.includes('bronze_ids');

describe('records that reach bronze after a day was built and before it is checked', () => {
  let lake: EmbeddedLake;
  /** Messages that arrive before the next check against bronze, one each time. */
  let late: string[] = [];
  beforeEach(async () => {
    lake = await openLake({}, { at: new Date('2026-03-03T02:00:00Z') });
    const { engine } = lake.session.runtime;
    const start = engine.start.bind(engine);
    engine.start = async (sql, token) => {
      const [next] = isSourceCheck(sql) ? late.splice(0, 1) : [];
      if (next !== undefined) await lake.ingest('chat', [message(next)]);
      return start(sql, token);
    };
    await lake.ingest('chat', [message('a')]);
  });
  afterEach(() => lake.close());

  const build = () => lake.session.run('silver-daily', { mode: 'scheduled' });
  const stored = async () => (await lake.rows(silverMessages)).map(({ chat_id }) => chat_id);
  const statements = async () => {
    const [run] = await lake.session.runtime.ledger.latestRuns(1);
    return lake.session.runtime.ledger.statementsOf(run?.id ?? '');
  };
  const times = async (statement: string) =>
    (await statements()).filter((one) => one.statement === `chat/${statement}`).length;

  test('are built in the same run', async () => {
    late = ['b'];
    await build();
    expect(await stored()).toEqual(['a', 'b']);
    expect(await times('silver_messages')).toBe(2);
    expect(await times('checks/silver_matches_bronze')).toBe(2);
  });

  test('fail it when they never cease, and the next run takes them in', async () => {
    late = ['b', 'c', 'd', 'e'];
    await expect(build()).rejects.toMatchObject({
      name: 'CheckFailed',
      message: expect.stringMatching(/silver_matches_bronze.*2026-03-02.*bronze_ids=4, silver_ids=3/),
    });
    expect(await times('silver_messages')).toBe(mostBuilds);
    late = [];
    await build();
    expect(await stored()).toEqual(['a', 'b', 'c', 'd']);
    expect(await times('silver_messages')).toBe(1);
  });
});

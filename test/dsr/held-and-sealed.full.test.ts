import { goldPeriodStatus, silverMessages, silverUserDaily } from '../../core/chat/tables.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';
import { gold, message, submit, tick } from './erasing-lake.ts';

// A run that has to wait for its turn asks again after 20 seconds.
jest.setTimeout(120_000);

const leaver = 'leaver-3f1c9a';
const day = '2026-03-04';
const asked = { mode: 'named', window: { grain: 'day', from: day, to: '2026-03-05' } } as const;

let lake: EmbeddedLake;
let hooks: Map<string, () => unknown>;
/** Runs work, once, when a state is entered for the first time; the state waits for it, and fails if it throws. */
const at = (workflow: string, state: string, work: () => unknown) => hooks.set(`${workflow} ${state}`, work);
const fails = () => {
  throw new Error('stopped by the test');
};

beforeEach(async () => {
  hooks = new Map();
  lake = await openLake(
    { minimumUsersPerCell: 1 },
    {
      at: new Date('2026-03-05T02:00:00Z'),
      onState: async ({ workflow, state }) => {
        const work = hooks.get(`${workflow} ${state}`);
        hooks.delete(`${workflow} ${state}`);
        await work?.();
      },
    },
  );
  await lake.ingest('chat', [message('c1', leaver, `${day}T10:00:00Z`), message('c2', 'stayer', `${day}T11:00:00Z`)]);
});
afterEach(() => lake.close());

const scheduled = (workflow: string) => lake.session.run(workflow, { mode: 'scheduled' });

/** Users of the day as dashboards show them; undefined when they show no such day. */
async function usersShown(): Promise<unknown> {
  const rows = gold(await lake.tables()).gold_time_series ?? [];
  return rows.find(({ grain, platform, period_start }) => `${grain} ${platform} ${period_start}` === `DAILY All ${day}`)
    ?.active_users;
}

describe('gold that is built for the first time', () => {
  beforeEach(async () => {
    await scheduled('silver-daily');
    await submit(lake, leaver);
  });

  test('comes to its end before a row goes when it has begun before, and is never built again', async () => {
    let erasure: Promise<unknown> | undefined;
    const waits = new Promise<void>((resolve) => at('dsr-seal-gold-daily', 'Take the turn', resolve));
    at('gold-daily', 'Build gold_time_series', () => {
      erasure = tick(lake);
    });
    at('gold-daily', 'Build gold_bucket_distribution', () => waits);
    await scheduled('gold-daily');
    await erasure;
    const shown = gold(await lake.tables());
    expect(await usersShown()).toBe(2n);
    expect(await lake.rows(goldPeriodStatus)).toMatchObject([{ period_start: day, state: 'final' }]);
    await lake.ingest('chat', [message('c3', 'late', `${day}T12:00:00Z`, { prompt_tokens: 500 })]);
    await scheduled('silver-daily');
    await scheduled('gold-daily');
    expect(gold(await lake.tables())).toEqual(shown);
  });

  test('waits until the rows have gone when they are going', async () => {
    const shown: unknown[] = [];
    for (const state of ['Work on a table to delete from', 'Make silver-daily again']) {
      at('dsr', state, async () => {
        await scheduled('gold-daily');
        shown.push(await usersShown());
      });
    }
    await tick(lake);
    expect(shown).toEqual([undefined, undefined]);
    await scheduled('gold-daily');
    expect(await usersShown()).toBe(1n);
  });
});

test('gold that is there is not built again from facts that leave people out already, whoever asks', async () => {
  await lake.session.run('backfill', { from: day, to: day });
  const shown = gold(await lake.tables());
  await submit(lake, leaver);
  at('dsr', 'Work on a table to count', fails);
  await expect(tick(lake)).rejects.toThrow('batch-');
  await lake.ingest('chat', [message('c3', 'late', `${day}T12:00:00Z`, { prompt_tokens: 500 })]);
  await scheduled('silver-daily');
  expect((await lake.rows(silverMessages)).map(({ chat_id }) => chat_id)).toEqual(['c2', 'c3']);
  await scheduled('gold-daily');
  await lake.session.run('backfill', { from: day, to: day });
  await expect(lake.session.run('gold-daily', asked)).rejects.toMatchObject({
    name: 'WindowIncomplete',
    message: expect.stringContaining('people are being erased'),
  });
  expect(gold(await lake.tables())).toEqual(shown);
  await tick(lake);
  await scheduled('gold-daily');
  expect(gold(await lake.tables())).toEqual(shown);
});

test('the days beside those of an erasure are sealed with them, and no others', async () => {
  await lake.ingest(
    'chat',
    ['02', '03', '05', '06'].map((beside) => message(`on-${beside}`, 'stayer', `2026-03-${beside}T10:00:00Z`)),
  );
  lake.at = new Date('2026-03-07T02:00:00Z');
  await lake.session.run('backfill', { from: '2026-03-02', to: '2026-03-06' });
  await submit(lake, leaver);
  await tick(lake);
  const built = await lake.session.runtime.ledger.builtPeriods('gold-daily');
  expect(built.map(({ period, sealed }) => [period.from, sealed])).toEqual([
    ['2026-03-02', undefined],
    ['2026-03-03', true],
    [day, true],
    ['2026-03-05', true],
    ['2026-03-06', undefined],
  ]);
});

test('what a build that died has derived from people goes with them', async () => {
  at('silver-daily', 'Check silver_matches_bronze', fails);
  await expect(scheduled('silver-daily')).rejects.toThrow();
  expect((await lake.rows(silverUserDaily)).map(({ user_id }) => user_id)).toContain(leaver);
  await submit(lake, leaver);
  await tick(lake);
  expect((await lake.rows(silverUserDaily)).map(({ user_id }) => user_id)).toEqual(['stayer']);
});

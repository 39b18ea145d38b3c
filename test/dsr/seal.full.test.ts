import { goldPeriodStatus } from '../../core/chat/tables.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';
import { gold, message, submit, tick } from './erasing-lake.ts';

// A run that has to wait for its turn asks again after 20 seconds.
jest.setTimeout(120_000);

const leaver = 'leaver-3f1c9a';
const day = '2026-03-04';

/** Runs work once, when a state is entered for the first time. */
type At = (workflow: string, state: string, work: (lake: EmbeddedLake) => unknown) => void;

describe('gold that is built for the first time while an erasure goes on', () => {
  let lake: EmbeddedLake;
  let hooks: Map<string, (lake: EmbeddedLake) => unknown>;
  const at: At = (workflow, state, work) => hooks.set(`${workflow} ${state}`, work);
  beforeEach(async () => {
    hooks = new Map();
    lake = await openLake(
      { minimumUsersPerCell: 1 },
      {
        at: new Date('2026-03-05T02:00:00Z'),
        onState: async ({ workflow, state }) => {
          const work = hooks.get(`${workflow} ${state}`);
          hooks.delete(`${workflow} ${state}`);
          await work?.(lake);
        },
      },
    );
    await lake.ingest('chat', [message('c1', leaver, `${day}T10:00:00Z`), message('c2', 'stayer', `${day}T11:00:00Z`)]);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await submit(lake, leaver);
  });
  afterEach(() => lake.close());

  /** What dashboards show of the day, and that it is what they will show for good. */
  async function expectToStand(users: bigint): Promise<void> {
    const shown = gold(await lake.tables());
    const all = shown.gold_time_series?.find(({ grain, platform }) => grain === 'DAILY' && platform === 'All');
    expect(all).toMatchObject({ active_users: users });
    expect(await lake.rows(goldPeriodStatus)).toMatchObject([{ period_start: day, state: 'final' }]);
    await lake.ingest('chat', [message('c3', 'late', `${day}T12:00:00Z`)]);
    await lake.session.run('silver-daily', { mode: 'scheduled' });
    await lake.session.run('gold-daily', { mode: 'scheduled' });
    expect(gold(await lake.tables())).toEqual(shown);
  }

  test('comes to its end before a row goes when it has begun before, and is not built again', async () => {
    let erasure: Promise<unknown> | undefined;
    const waits = new Promise<void>((resolve) => at('dsr-seal-gold-daily', 'Take the turn', () => resolve()));
    at('gold-daily', 'Build gold_time_series', () => {
      erasure = tick(lake);
    });
    at('gold-daily', 'Build gold_bucket_distribution', () => waits);
    await lake.session.run('gold-daily', { mode: 'scheduled' });
    await erasure;
    await expectToStand(2n);
  });

  test('is not built again when it was built from rows that went afterwards', async () => {
    at('dsr', 'Work on a table to delete from', () => lake.session.run('gold-daily', { mode: 'scheduled' }));
    await tick(lake);
    await expectToStand(2n);
  });

  test('is built without the erased when they have gone', async () => {
    await tick(lake);
    await lake.session.run('gold-daily', { mode: 'scheduled' });
    const [all] = (await lake.tables()).gold_time_series?.filter(({ platform }) => platform === 'All') ?? [];
    expect(all).toMatchObject({ active_users: 1n });
  });
});

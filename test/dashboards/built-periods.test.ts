import { chartsOf } from '../../dashboards/chart.ts';
import { chartQuery, shownRows } from '../../dashboards/chart-sql.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import { readQuery } from '../../local/console/read-query.ts';
import { type EmbeddedLake, openLake } from '../local/embedded-lake.ts';

const message = (id: number, user: string, platform: string, day: string) =>
  JSON.stringify({ chat_id: `c${id}`, user_id: user, room_id: 'r', platform, timestamp: `${day}T10:00:00Z` });

let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake({ minimumUsersPerCell: 1 }, { at: new Date('2026-03-01T06:00:00Z') });
  await lake.ingest('chat', [
    message(1, 'ann', 'web', '2026-02-25'),
    message(2, 'bob', 'web', '2026-02-25'),
    message(3, 'ann', 'ios', '2026-02-25'),
    message(4, 'ann', 'web', '2026-02-27'),
    message(5, 'ann', 'web', '2026-02-28'),
  ]);
  await lake.session.run('backfill', { from: '2026-02-25', to: '2026-02-28' });
}, 60_000);
afterAll(() => lake.close());

async function rowsOf(id: string, from: string, to: string) {
  const { athena, settings } = lake.session;
  const chart = chartsOf(chatDashboard).find((one) => one.id === id);
  if (chart === undefined) throw new Error(`no chart ${id}`);
  const filters = { grain: 'DAILY', from, to, platform: 'All', compared: [] } as const;
  const query = chartQuery(chart, settings.database, filters);
  return shownRows(chart, (await readQuery(athena, settings.database, query)).rows).rows;
}

describe('a day that is built and has no events', () => {
  test('counts as 0 in the mean day of a month', async () => {
    // On 25 February 2 people came, on 26 nobody, on 27 and 28 one; 2 in the month.
    expect(await rowsOf('stickiness', '2026-02-01', '2026-03-31')).toEqual([
      ['2026-02-01', 'All', 4 / 4 / 2],
      ['2026-02-01', 'ios', 1 / 4 / 1],
      ['2026-02-01', 'web', 4 / 4 / 2],
    ]);
  });

  test('counts as 0 in the average period of a distribution, on every platform', async () => {
    const one = async (from: string, to: string) =>
      (await rowsOf('users-by-messages', from, to)).filter(([order]) => order === 1).map((row) => row.slice(2));
    expect(await one('2026-02-25', '2026-02-28')).toEqual([
      // Ann wrote 2 messages on the first day, one on each platform.
      ['All', 3 / 4],
      ['ios', 1 / 4],
      ['web', 4 / 4],
    ]);
    // Days that are not built yet are no days without events.
    expect(await one('2026-02-26', '2026-03-31')).toEqual([
      ['All', 2 / 3],
      ['web', 2 / 3],
    ]);
  });
});

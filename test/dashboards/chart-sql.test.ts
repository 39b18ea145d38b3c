import { type Chart, chartsOf, mostRows } from '../../dashboards/chart.ts';
import { chartQuery, shownRows } from '../../dashboards/chart-sql.ts';
import { chatDashboard } from '../../dashboards/chat.ts';

const chartOf = (id: string): Chart => {
  const chart = chartsOf(chatDashboard).find((one) => one.id === id);
  if (chart === undefined) throw new Error(`no chart ${id}`);
  return chart;
};
const linesOf = (id: string) =>
  chartQuery(chartOf(id), 'lake', {
    grain: 'DAILY',
    from: '2026-01-01',
    to: '2026-03-01',
    platform: 'All',
    compared: [],
  }).sql.split('\n');
const day = (at: number) => new Date(at * 86_400_000).toISOString().slice(0, 10);

describe('the rows of a chart', () => {
  test('are asked for from the newest period on, and one more than are shown', () => {
    expect(linesOf('users-by-version').slice(-2)).toEqual(['order by 1 desc, 2 desc', `limit ${mostRows + 1}`]);
    expect(linesOf('users-by-cost').slice(-2)).toEqual(['order by 1, 2, 3', `limit ${mostRows + 1}`]);
    expect(linesOf('top-version').slice(-2)).toEqual(['order by 2 desc, 1', `limit ${mostRows + 1}`]);
  });

  test('are shown from the oldest period on, without the one that was cut', () => {
    // Three values a period, newest first, as the query has them: of the last period it asks for, only a part comes.
    const newestFirst = Array.from({ length: mostRows + 1 }, (_, at) => [
      day(10_000 - Math.floor(at / 3)),
      `v${3 - (at % 3)}`,
      1,
    ]);
    const { rows, isCut } = shownRows(chartOf('users-by-version'), newestFirst);
    expect(isCut).toBe(true);
    expect(rows).toHaveLength(mostRows + 1 - ((mostRows + 1) % 3 || 3));
    expect(rows.slice(0, 3).map(([, value]) => value)).toEqual(['v1', 'v2', 'v3']);
    expect(rows.at(-1)?.[0]).toBe(day(10_000));
    const few = shownRows(chartOf('users-by-version'), newestFirst.slice(0, 4));
    expect(few).toEqual({ rows: newestFirst.slice(0, 4).toReversed(), isCut: false });
  });

  test('of a table keep their order, and lose their end', () => {
    const rows = Array.from({ length: mostRows + 1 }, (_, at) => [`v${at}`, -at]);
    expect(shownRows(chartOf('top-version'), rows)).toEqual({ rows: rows.slice(0, mostRows), isCut: true });
    expect(shownRows(chartOf('top-version'), rows.slice(1)).isCut).toBe(false);
  });
});

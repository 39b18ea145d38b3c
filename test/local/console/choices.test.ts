import { chartQuery } from '../../../dashboards/chart-sql.ts';
import { builtPeriods } from '../../../dashboards/operations.ts';
import { choicesOf } from '../../../local/console/choices.ts';
import { stateText } from '../../../local/console/page/figures.ts';
import { readQuery } from '../../../local/console/read-query.ts';
import { type EmbeddedLake, openLake, query } from '../embedded-lake.ts';

let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openLake();
});
afterAll(() => lake.close());

const daysOf = async (states: readonly string[]) => {
  const { athena, settings } = lake.session;
  await query(lake.session, 'delete from gold_period_status');
  const rows = states.map(
    (state, at) =>
      `('DAILY', date '2026-03-0${at + 1}', '${state}', timestamp '2026-03-09 06:00:00', date '2026-03-0${at + 1}')`,
  );
  await query(
    lake.session,
    `insert into gold_period_status (grain, period_start, state, built_at, complete_through) values ${rows.join(', ')}`,
  );
  const { grain, ...range } = { grain: 'DAILY', from: '2000-01-01', to: '2099-12-31' } as const;
  const asked = chartQuery(builtPeriods, settings.database, { grain, ...range, platform: 'All', compared: [] });
  return choicesOf(await readQuery(athena, settings.database, asked), { columns: [], rows: [] }).periods.DAILY;
};

describe('what is said of the days that are built', () => {
  test('is that they are final only when every one of them is', async () => {
    const told = async (...states: string[]) => {
      const days = await daysOf(states);
      expect([days?.first, days?.last]).toEqual(['2026-03-01', `2026-03-0${states.length}`]);
      return days === undefined ? undefined : stateText(days);
    };
    expect(await told('final', 'final')).toBe('final');
    expect(await told('final', 'final', 'provisional')).toBe('provisional');
    expect(await told('final', 'provisional', 'provisional')).toBe('provisional from 2 Mar 2026 on');
    // An erasure makes the day final that it touches.
    expect(await told('final', 'provisional', 'final')).toBe('provisional from 2 Mar 2026 on');
  });
});

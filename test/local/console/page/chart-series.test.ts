import { chartsOf } from '../../../../dashboards/chart.ts';
import { chatDashboard } from '../../../../dashboards/chat.ts';
import type { Cell, Choices, ShownChart } from '../../../../local/console/answers.ts';
import { shownChart } from '../../../../local/console/document.ts';
import { chartSeries } from '../../../../local/console/page/chart-series.ts';
import { keyFigure } from '../../../../local/console/page/key-figure.ts';
import { csv, sheetOfSeries } from '../../../../local/console/page/sheet.ts';
import { builtWithin } from '../../../../local/console/page/time-range.ts';

const chartOf = (id: string): ShownChart => {
  const chart = chartsOf(chatDashboard).find((one) => one.id === id);
  if (chart === undefined) throw new Error(`no chart ${id}`);
  return shownChart(chart);
};
const built = { first: '2026-03-01', last: '2026-03-04' };
const seriesOf = (id: string, rows: readonly (readonly Cell[])[], isCut = false) =>
  chartSeries(chartOf(id), { columns: [], rows, ...(isCut ? { isCut: true } : {}) }, 'DAILY', 'monday', built);
const valuesOf = (id: string, rows: readonly (readonly Cell[])[]) =>
  Object.fromEntries(seriesOf(id, rows).series.map(({ name, values }) => [name, values]));

describe('a period without a row', () => {
  test('is 0 for what is counted or paid, also at the ends of what is built', () => {
    const rows = [
      ['2026-03-02', 'web', 5],
      ['2026-03-03', 'ios', 7],
    ];
    for (const id of ['messages', 'cost', 'cost-by-model', 'tool-calls']) {
      expect(valuesOf(id, rows)).toEqual({ web: [0, 5, 0, 0], ios: [0, 0, 7, 0] });
    }
    expect(seriesOf('messages', rows).places).toEqual(['2026-03-01', '2026-03-02', '2026-03-03', '2026-03-04']);
  });

  test('has no average', () => {
    expect(valuesOf('cost-per-user', [['2026-03-02', 'web', 5]])).toEqual({ web: [null, 5, null, null] });
  });

  test('is not known where a value may have been hidden: a gap, a dash, an empty cell', () => {
    const rows = [
      ['2026-03-01', 'AT', 12],
      ['2026-03-01', 'DE', 30],
      ['2026-03-03', 'DE', 31],
    ];
    expect(valuesOf('users-by-country', rows)).toEqual({ DE: [30, null, 31, null], AT: [12, null, null, null] });
    expect(
      csv(sheetOfSeries(seriesOf('users-by-country', rows)))
        .split('\r\n')
        .slice(0, 3),
    ).toEqual(['Day,DE,AT', '2026-03-01,30,12', '2026-03-02,,']);
  });

  test('is none where older periods are left out', () => {
    expect(seriesOf('messages', [['2026-03-03', 'web', 5]], true).places).toEqual(['2026-03-03', '2026-03-04']);
  });
});

describe('a stack of more parts than can be told apart', () => {
  const rows = Array.from({ length: 14 }, (_, at) => ['2026-03-01', `v${String(at).padStart(2, '0')}`, 100 - at]);
  const shown = seriesOf('users-by-version', [...rows, ['2026-03-01', 'OTHER', 3], ['2026-03-04', 'v13', 1]]);

  test('is drawn with the smallest added up', () => {
    expect(shown.drawn.map(({ name }) => name).slice(-3)).toEqual(['v08', '5 more', 'OTHER']);
    expect(shown.drawn.at(-2)?.values).toEqual([91 + 90 + 89 + 88 + 87, null, null, 1]);
  });

  test('has every part in its table and its file', () => {
    expect(sheetOfSeries(shown).heads).toEqual(['Day', ...rows.map(([, name]) => name), 'OTHER']);
    expect(sheetOfSeries(shown).rows[3]).toEqual(['2026-03-04', ...rows.slice(1).map(() => null), 1, null]);
  });
});

describe('a key figure', () => {
  const figure = (id: string, rows: readonly (readonly Cell[])[]) => keyFigure(seriesOf(id, rows));

  test('is that of the last built period, though a platform has stopped', () => {
    expect(figure('latest-messages', [['2026-03-02', 5]])).toEqual({
      now: 0,
      period: '2026-03-04',
      compared: 'from 0, 3 Mar 2026',
    });
    expect(figure('latest-messages', [['2026-03-03', 5]])).toEqual({
      now: 0,
      period: '2026-03-04',
      change: '−100%',
      compared: 'vs 3 Mar 2026',
    });
  });

  test('tells one that rose from 0 from one without a period before', () => {
    const rows = [['2026-03-04', 5]];
    expect(figure('latest-messages', rows)?.compared).toBe('from 0, 3 Mar 2026');
    const alone = { first: '2026-03-04', last: '2026-03-04' };
    const chart = chartOf('latest-messages');
    const shown = chartSeries(chart, { columns: [], rows }, 'DAILY', 'monday', alone);
    expect(keyFigure(shown)).toEqual({ now: 5, period: '2026-03-04', compared: 'no period before' });
  });

  test('is no average where there is nobody to take it over', () => {
    expect(figure('latest-cost-per-user', [['2026-03-03', 5]])).toMatchObject({
      now: null,
      compared: 'from $5.00, 3 Mar 2026',
    });
    expect(figure('latest-cost-per-user', [['2026-03-04', 5]])).toMatchObject({
      now: 5,
      compared: 'no value for 3 Mar 2026',
    });
    expect(figure('latest-cost', [['2026-03-03', 5]])).toMatchObject({ now: 0, change: '−100%' });
  });

  test('is none without a row', () => {
    expect(figure('latest-messages', [])).toBeUndefined();
  });
});

describe('the built periods of a time range', () => {
  const span = (first: string, last: string) => ({ first, last, builtAt: '2026-03-16 06:00:00' });
  const choices: Choices = {
    periods: { DAILY: span('2026-01-30', '2026-03-15'), WEEKLY: span('2026-02-02', '2026-03-09') },
    platforms: [],
  };
  const within = (id: string, grain: 'DAILY' | 'WEEKLY', from: string, to: string) =>
    builtWithin(chartOf(id), { grain, from, to, platform: 'All', compared: [] }, choices, 'monday');

  test('begin within it, and are built', () => {
    expect(within('messages', 'DAILY', '2026-01-01', '2026-12-31')).toEqual({
      first: '2026-01-30',
      last: '2026-03-15',
    });
    expect(within('messages', 'WEEKLY', '2026-02-03', '2026-02-17')).toEqual({
      first: '2026-02-09',
      last: '2026-02-16',
    });
    expect(within('messages', 'WEEKLY', '2026-02-03', '2026-02-05')).toBeUndefined();
    expect(within('messages', 'DAILY', '2025-01-01', '2025-12-31')).toBeUndefined();
    expect(within('mau', 'DAILY', '2026-01-01', '2026-12-31')).toBeUndefined();
  });
});

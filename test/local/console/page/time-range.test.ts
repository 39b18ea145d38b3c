import { parseDate } from '../../../../core/window.ts';
import { chartsOf } from '../../../../dashboards/chart.ts';
import { chatDashboard } from '../../../../dashboards/chat.ts';
import type { Choices } from '../../../../local/console/answers.ts';
import { shownChart } from '../../../../local/console/document.ts';
import { readAddress } from '../../../../local/console/page/address.ts';
import { filtersFor } from '../../../../local/console/page/time-range.ts';

const charts = chartsOf(chatDashboard).map(shownChart);
const address = (text: string) => readAddress(new URL(`http://console/${text}`), 'overview');
const rangeOf = (id: string, text: string, periods: Choices['periods']) => {
  const chart = charts.find((one) => one.id === id);
  if (chart === undefined) throw new Error(`no chart ${id}`);
  return filtersFor(chart, address(text), { periods, platforms: [] }, 'monday');
};
const days = { first: '2026-01-30', last: '2026-03-15', builtAt: '2026-03-16 06:00:00' };

describe('the time range of a chart', () => {
  test('is none while its grain has no period', () => {
    expect(rangeOf('mau', 'overview', { DAILY: days })).toBeUndefined();
    expect(rangeOf('messages', 'totals?grain=WEEKLY', { DAILY: days })).toBeUndefined();
  });

  test('is not asked for by charts that show all rows, whatever is built', () => {
    for (const id of ['data-as-of', 'data-quality']) {
      for (const periods of [{}, { DAILY: days }]) {
        const { from = '', to = '' } = rangeOf(id, 'overview', periods) ?? {};
        // As the server reads them.
        expect([parseDate(from, 'from'), parseDate(to, 'to')]).toEqual(['2000-01-01', '2099-12-31']);
      }
    }
  });

  test('counts back from the last period, and no further than the first', () => {
    expect(rangeOf('messages', 'totals?last=7', { DAILY: days })).toMatchObject({
      from: '2026-03-09',
      to: '2026-03-15',
    });
    expect(rangeOf('messages', 'totals?last=90', { DAILY: days })).toMatchObject({
      from: '2026-01-30',
      to: '2026-03-15',
    });
  });
});

import { goldTimeSeries } from '../../core/chat/tables.ts';
import { chart, chartsOf } from '../../dashboards/chart.ts';
import { chatDashboard } from '../../dashboards/chat.ts';

const charts = chartsOf(chatDashboard);

describe('the specification', () => {
  test('refuses, when it is compiled, a chart of a column that does not exist', () => {
    const declaration = {
      id: 'x',
      title: 'X',
      description: 'X.',
      kind: 'lines',
      axis: 'period',
      grain: 'chosen',
      platforms: 'compared',
      width: 6,
    } as const;
    const measure = { aggregate: 'only', label: 'X', format: 'count' } as const;
    chart(goldTimeSeries, { ...declaration, measures: [{ ...measure, column: 'active_users' }] });
    // @ts-expect-error: a measure of no column
    chart(goldTimeSeries, { ...declaration, measures: [{ ...measure, column: 'active_userz' }] });
    const per = { per: 'no_column' } as const;
    // @ts-expect-error: divided by no column
    chart(goldTimeSeries, { ...declaration, measures: [{ ...measure, column: 'active_users', aggregate: per }] });
    // @ts-expect-error: split by no column
    chart(goldTimeSeries, { ...declaration, measures: [], by: ['plattform'] });
    // @ts-expect-error: a condition on no column
    chart(goldTimeSeries, { ...declaration, measures: [], where: { dimension: 'COUNTRY' } });
  });

  test('reads gold alone, and nothing that leads to a person', () => {
    for (const { table } of charts) expect(table.layer).toBe('gold');
    const names = charts.flatMap(({ by = [], measures }) => [...by, ...measures.map(({ column }) => column)]);
    expect(names.filter((name) => /user_id|room_id|chat_id/.test(name))).toEqual([]);
  });

  test('names every chart once, and says of each what it means', () => {
    expect(new Set(charts.map(({ id }) => id)).size).toBe(charts.length);
    for (const { description } of charts) expect(description).toMatch(/^[A-Z].{40,}\.$/);
  });

  test('fills every row of a page', () => {
    for (const { charts: shown } of chatDashboard.pages) {
      expect(shown.reduce((sum, { width }) => sum + width, 0) % 12).toBe(0);
    }
  });
});

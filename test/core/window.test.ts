import fc from 'fast-check';
import {
  addDays,
  cutAt,
  instantOf,
  joinPeriods,
  parseDate,
  periodsOf,
  periodsTouching,
  type Window,
  widen,
  windowAt,
} from '../../core/window.ts';

const dates = fc
  .integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));
const grains = fc.constantFrom('hour', 'day', 'week', 'month');
const weekStarts = fc.constantFrom('monday', 'sunday');

describe('windowAt', () => {
  test.each([
    ['week', '2026-01-06', 'monday', '2026-01-05', '2026-01-12'],
    ['week', '2026-01-06', 'sunday', '2026-01-04', '2026-01-11'],
    ['week', '2027-01-01', 'monday', '2026-12-28', '2027-01-04'],
    ['week', '2026-01-04', 'sunday', '2026-01-04', '2026-01-11'],
    ['month', '2028-02-29', 'monday', '2028-02-01', '2028-03-01'],
    ['month', '2026-12-31', 'monday', '2026-12-01', '2027-01-01'],
    ['day', '2026-12-31', 'monday', '2026-12-31', '2027-01-01'],
    ['hour', '2026-12-31T23:59:59Z', 'monday', '2026-12-31T23:00:00Z', '2027-01-01T00:00:00Z'],
  ] as const)('finds the %s of %s when weeks start on %s', (grain, at, weekStart, from, to) => {
    expect(windowAt(grain, at, weekStart)).toEqual({ grain, from, to });
  });

  test('gives periods that meet without gap or overlap', () => {
    fc.assert(
      fc.property(grains, dates, weekStarts, (grain, date, weekStart) => {
        const period = windowAt(grain, date, weekStart);
        expect(instantOf(period.from)).toBeLessThanOrEqual(instantOf(date));
        expect(instantOf(period.to)).toBeGreaterThan(instantOf(date));
        expect(windowAt(grain, period.to, weekStart).from).toBe(period.to);
        expect(windowAt(grain, period.from, weekStart)).toEqual(period);
      }),
    );
  });
});

test('widen moves each end by whole periods', () => {
  expect(widen(windowAt('month', '2026-03-31'), 1, 1)).toEqual({
    grain: 'month',
    from: '2026-02-01',
    to: '2026-05-01',
  });
});

test('windows are cut where a date lies inside one, and nowhere else', () => {
  const days = (from: string, to: string): Window => ({ grain: 'day', from, to });
  const windows = [days('2026-03-01', '2026-03-05'), days('2026-03-05', '2026-03-06')];
  expect(cutAt(windows, '2026-03-04')).toEqual([
    days('2026-03-01', '2026-03-04'),
    days('2026-03-04', '2026-03-05'),
    windows[1],
  ]);
  for (const date of ['2026-02-01', '2026-03-01', '2026-03-05', '2026-03-06', '2026-04-01']) {
    expect(cutAt(windows, date)).toEqual(windows);
  }
});

test('joining the periods of a window and taking them apart again gives the same periods', () => {
  fc.assert(
    fc.property(
      dates,
      fc.nat({ max: 60 }),
      fc.integer({ min: 1, max: 9 }),
      weekStarts,
      (from, days, most, weekStart) => {
        const periods = periodsTouching('day', from, addDays(from, days + 1), weekStart);
        const joined = joinPeriods(periods, { periods: most });
        expect(joined.flatMap(periodsOf)).toEqual(periods);
        expect(joined.every((window) => periodsOf(window).length <= most)).toBe(true);
      },
    ),
  );
});

test('joined periods weigh no more together than they may, unless one alone does', () => {
  const days = periodsTouching('day', '2026-01-01', '2026-01-05');
  const weigh = (period: Window) => (period.from === '2026-01-03' ? 9 : 2);
  expect(joinPeriods(days, { periods: 9, weigh, weight: 4 }).map(({ from }) => from)).toEqual([
    '2026-01-01',
    '2026-01-03',
    '2026-01-04',
  ]);
});

test('joined periods keep the gaps between them', () => {
  const [first, , third] = periodsTouching('day', '2026-01-01', '2026-01-04');
  expect(
    joinPeriods(
      [first, third].filter((period) => period !== undefined),
      { periods: 9 },
    ),
  ).toHaveLength(2);
});

test.each(['2026-02-30', '2026-13-01', '26-01-01', 'today', '2026-1-1', ''])(
  '"%s" is refused as a date, in one line that says what to give',
  (text) => {
    expect(() => parseDate(text, '--from')).toThrow(
      /^--from ".*" is not a calendar date: give it as YYYY-MM-DD[^\n]*$/,
    );
  },
);

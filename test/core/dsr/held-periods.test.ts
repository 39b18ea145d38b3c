import { touches } from '../../../core/dsr/held-periods.ts';
import type { Window } from '../../../core/window.ts';

const window = (grain: Window['grain'], from: string, to: string): Window => ({ grain, from, to });

test.each<[string, Window, boolean]>([
  ['the day itself', window('day', '2026-03-04', '2026-03-05'), true],
  ['the day before, whose tool calls may belong to its chats', window('day', '2026-03-03', '2026-03-04'), true],
  ['the day after', window('day', '2026-03-05', '2026-03-06'), true],
  ['two days before', window('day', '2026-03-02', '2026-03-03'), false],
  ['two days after', window('day', '2026-03-06', '2026-03-07'), false],
  ['the week that ends the day before', window('week', '2026-02-25', '2026-03-04'), true],
  ['the week that ends two days before', window('week', '2026-02-24', '2026-03-03'), false],
  ['its month', window('month', '2026-03-01', '2026-04-01'), true],
  ['the last hour of the day after', window('hour', '2026-03-05T23:00', '2026-03-06T00:00'), true],
])('a period touches the days of an erasure: %s', (_, period, expected) => {
  expect(touches(period, ['2026-03-04'])).toBe(expected);
});

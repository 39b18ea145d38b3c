import { addDays, type Grain, periodsOf, type WeekStart, widen, windowAt } from '../../../core/window.ts';
import type { PeriodGrain } from '../../../dashboards/chart.ts';
import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { Choices, ShownChart } from '../answers.ts';
import { rangeGrain } from '../choices.ts';
import type { Address } from './address.ts';

const windowGrain: Readonly<Record<PeriodGrain, Grain>> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' };

/** The filters that an address means for one chart. Undefined while the chart's grain has no period. */
export function filtersFor(
  chart: ShownChart,
  address: Address,
  choices: Choices,
  weekStart: WeekStart,
): Filters | undefined {
  const grain = rangeGrain(chart, address.grain);
  const span = choices.periods[grain];
  if (span === undefined) return undefined;
  const { platform, compared } = address;
  const range = chart.lastPeriods ?? address.range;
  const common = { grain: address.grain, platform, compared };
  if (typeof range === 'object') return { ...common, from: range.from, to: range.to };
  const last = windowAt(windowGrain[grain], span.last, weekStart);
  const from = range === 'all' ? span.first : widen(last, range - 1, 0).from;
  // Of a month's days the last counts too.
  return { ...common, from: later(from, span.first), to: addDays(last.to, -1) };
}

/** The later of two dates: as texts, they sort as they follow. */
function later(one: string, other: string): string {
  return [one, other].toSorted()[1] ?? one;
}

/** The periods from the first to the last of those that an answer has, so that one without rows stays visible. */
export function periodsBetween(dates: readonly string[], grain: PeriodGrain, weekStart: WeekStart): string[] {
  const sorted = dates.toSorted();
  const [first, last] = [sorted[0], sorted.at(-1)];
  if (first === undefined || last === undefined) return [];
  const window = {
    ...windowAt(windowGrain[grain], first, weekStart),
    to: windowAt(windowGrain[grain], last, weekStart).to,
  };
  return periodsOf(window).map(({ from }) => from);
}

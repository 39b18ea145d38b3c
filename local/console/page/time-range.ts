import { addDays, type Grain, periodsOf, recordYears, type WeekStart, widen, windowAt } from '../../../core/window.ts';
import { hasTimeRange, type PeriodGrain } from '../../../dashboards/chart.ts';
import type { Filters } from '../../../dashboards/chart-sql.ts';
import type { Choices, ShownChart } from '../answers.ts';
import { rangeGrain } from '../choices.ts';
import type { Address } from './address.ts';

/** Periods by their first days, both ends included. */
export interface PeriodSpan {
  readonly first: string;
  readonly last: string;
}

const windowGrain: Readonly<Record<PeriodGrain, Grain>> = { DAILY: 'day', WEEKLY: 'week', MONTHLY: 'month' };

/** The range of what has none. */
export const anyTime = { from: `${recordYears.from}-01-01`, to: `${recordYears.to - 1}-12-31` };

/** The filters that an address means for one chart. Undefined while it has a time range and its grain no period. */
export function filtersFor(
  chart: ShownChart,
  address: Address,
  choices: Choices,
  weekStart: WeekStart,
): Filters | undefined {
  const { platform, compared } = address;
  const common = { grain: address.grain, platform, compared };
  if (!hasTimeRange(chart)) return { ...common, ...anyTime };
  const grain = rangeGrain(chart, address.grain);
  const span = choices.periods[grain];
  if (span === undefined) return undefined;
  const range = chart.lastPeriods ?? address.range;
  if (typeof range === 'object') return { ...common, from: range.from, to: range.to };
  const last = windowAt(windowGrain[grain], span.last, weekStart);
  const from = range === 'all' ? span.first : widen(last, range - 1, 0).from;
  // Of a month's days the last counts too.
  return { ...common, from: later(from, span.first), to: addDays(last.to, -1) };
}

/** The first and the last period that begin within a chart's time range and are built; undefined where there is none. */
export function builtWithin(
  chart: ShownChart,
  { from, to, grain }: Filters,
  choices: Choices,
  weekStart: WeekStart,
): PeriodSpan | undefined {
  const shown = rangeGrain(chart, grain);
  const built = choices.periods[shown];
  if (built === undefined || !hasTimeRange(chart)) return undefined;
  const at = (date: string) => windowAt(windowGrain[shown], date, weekStart);
  const begins = at(from).from === from ? from : at(from).to;
  const first = later(begins, built.first);
  const last = earlier(at(to).from, built.last);
  return first > last ? undefined : { first, last };
}

/** Dates as texts sort as they follow. */
function later(one: string, other: string): string {
  return one > other ? one : other;
}

function earlier(one: string, other: string): string {
  return one < other ? one : other;
}

/** The periods from the first to the last of some, so that those without rows between them stay visible. */
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

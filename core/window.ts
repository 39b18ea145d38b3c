import { InputError } from './errors.ts';

/** The lengths of time a pipeline may work in, shortest first. */
export const grains = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type Grain = (typeof grains)[number];

export type WeekStart = 'monday' | 'sunday';

/**
 * A half-open span `[from, to)` of whole periods of one grain, in UTC. `from` and `to` are written as dates
 * (`2026-01-05`) for days and longer, as instants (`2026-01-05T13:00:00Z`) for hours and minutes, so that a window
 * travels through a workflow's JSON as it is.
 */
export interface Window {
  readonly grain: Grain;
  readonly from: string;
  readonly to: string;
}

const minuteMillis = 60_000;
const dayMillis = 86_400_000;

/** Milliseconds since the epoch of a date or instant as a {@link Window} writes it. */
export function instantOf(text: string): number {
  return Date.parse(text.length === 10 ? `${text}T00:00:00Z` : text);
}

function write(grain: Grain, millis: number): string {
  const iso = new Date(millis).toISOString();
  return grain === 'minute' || grain === 'hour' ? `${iso.slice(0, 19)}Z` : iso.slice(0, 10);
}

/** The UTC calendar date, `YYYY-MM-DD`, of an instant in milliseconds. */
export function dateOf(millis: number): string {
  return new Date(millis).toISOString().slice(0, 10);
}

/** The years that records may be of, the last one excluded. Source: the contract, section 3. */
export const recordYears = { from: 2000, to: 2100 } as const;

/** Reads a calendar date, `YYYY-MM-DD`; `what` names the argument in the error. @throws InputError for 2026-02-30 and the like. */
export function parseDate(text: string, what: string): string {
  const millis = /^\d{4}-\d{2}-\d{2}$/.test(text) ? instantOf(text) : Number.NaN;
  if (Number.isNaN(millis) || dateOf(millis) !== text) {
    throw new InputError(`${what} "${text}" is not a calendar date: give it as YYYY-MM-DD, for example 2026-01-31.`);
  }
  if (text < String(recordYears.from) || text >= String(recordYears.to)) {
    throw new InputError(
      `${what} "${text}" lies outside ${recordYears.from} to ${recordYears.to - 1}, of which alone there can be records.`,
    );
  }
  return text;
}

/** `date` moved by a number of days, negative for earlier. */
export function addDays(date: string, days: number): string {
  return dateOf(instantOf(date) + days * dayMillis);
}

/** Start, in milliseconds, of the period of `grain` that holds the instant. */
function periodStart(grain: Grain, millis: number, weekStart: WeekStart): number {
  const at = new Date(millis);
  switch (grain) {
    case 'minute':
      return millis - (millis % minuteMillis);
    case 'hour':
      return millis - (millis % (60 * minuteMillis));
    case 'day':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate());
    case 'week': {
      const sinceStart = (at.getUTCDay() - (weekStart === 'monday' ? 1 : 0) + 7) % 7;
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), at.getUTCDate() - sinceStart);
    }
    case 'month':
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth(), 1);
  }
}

/** Start of the period `count` periods after the one that starts at `start`. */
function moveStart(grain: Grain, start: number, count: number): number {
  switch (grain) {
    case 'minute':
      return start + count * minuteMillis;
    case 'hour':
      return start + count * 60 * minuteMillis;
    case 'day':
      return start + count * dayMillis;
    case 'week':
      return start + count * 7 * dayMillis;
    case 'month': {
      const at = new Date(start);
      return Date.UTC(at.getUTCFullYear(), at.getUTCMonth() + count, 1);
    }
  }
}

/** The one period of `grain` that holds a date or instant. */
export function windowAt(grain: Grain, at: string, weekStart: WeekStart = 'monday'): Window {
  const start = periodStart(grain, instantOf(at), weekStart);
  return { grain, from: write(grain, start), to: write(grain, moveStart(grain, start, 1)) };
}

/** A window moved at each end by whole periods: `widen(day, 1, 1)` is the day with both its neighbours. */
export function widen(window: Window, before: number, after: number): Window {
  const { grain } = window;
  return {
    grain,
    from: write(grain, moveStart(grain, instantOf(window.from), -before)),
    to: write(grain, moveStart(grain, instantOf(window.to), after)),
  };
}

/** The single periods of a window, in order. */
export function periodsOf(window: Window): Window[] {
  const periods: Window[] = [];
  for (let from = window.from; from < window.to; ) {
    const to = write(window.grain, moveStart(window.grain, instantOf(from), 1));
    periods.push({ grain: window.grain, from, to });
    from = to;
  }
  return periods;
}

/** Windows of days or longer cut in two where a date lies inside one; the earlier part comes first. */
export function cutAt(windows: readonly Window[], date: string): Window[] {
  return windows.flatMap((window) =>
    window.from < date && date < window.to
      ? [
          { ...window, to: date },
          { ...window, from: date },
        ]
      : [window],
  );
}

/** The last calendar date that a window touches. */
export function lastDateOf(window: Window): string {
  return dateOf(instantOf(window.to) - 1);
}

/** The periods of `grain` that a span of dates touches, in order. */
export function periodsTouching(grain: Grain, from: string, to: string, weekStart: WeekStart = 'monday'): Window[] {
  const first = windowAt(grain, from, weekStart);
  return periodsOf({ grain, from: first.from, to }).filter((period) => period.from < to);
}

/** How far {@link joinPeriods} joins. */
export interface JoinLimits {
  /** Most periods in a window. */
  readonly periods: number;
  /** What a period weighs. Default: nothing. */
  readonly weigh?: (period: Window) => number;
  /** Most that the periods of a window may weigh together; one alone may weigh more. Default: no limit. */
  readonly weight?: number;
}

/** Neighbouring periods joined into windows within some limits; gaps stay gaps. Periods must be in order. */
export function joinPeriods(periods: readonly Window[], limits: JoinLimits): Window[] {
  const { weigh = () => 0, weight = Number.POSITIVE_INFINITY } = limits;
  const joined: { window: Window; count: number; weight: number }[] = [];
  for (const period of periods) {
    const last = joined.at(-1);
    const own = weigh(period);
    if (last?.window.to === period.from && last.count < limits.periods && last.weight + own <= weight) {
      last.window = { ...last.window, to: period.to };
      last.count += 1;
      last.weight += own;
    } else {
      joined.push({ window: period, count: 1, weight: own });
    }
  }
  return joined.map(({ window }) => window);
}

// Days are texts, YYYY-MM-DD: they compare as they sort.

export type Grain = 'DAILY' | 'WEEKLY' | 'MONTHLY';

export interface Period {
  readonly grain: Grain;
  readonly start: string;
  /** The last day that belongs to it. */
  readonly end: string;
}

const DAY_MS = 86_400_000;

export function dayOf(ms: number): string {
  return new Date(ms).toISOString().slice(0, 10);
}

/** Whether a text is a day that exists. */
export function isDay(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false;
  const ms = Date.parse(`${text}T00:00:00Z`);
  return !Number.isNaN(ms) && dayOf(ms) === text;
}

export function plusDays(day: string, count: number): string {
  return dayOf(Date.parse(`${day}T00:00:00Z`) + count * DAY_MS);
}

/** The day, week and month that a day lies in. */
export function periodsOf(day: string, weekStart: 'monday' | 'sunday'): Period[] {
  const date = new Date(`${day}T00:00:00Z`);
  const daysIntoWeek = (date.getUTCDay() + (weekStart === 'monday' ? 6 : 0)) % 7;
  const week = plusDays(day, -daysIntoWeek);
  const nextMonth = Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 1);
  return [
    { grain: 'DAILY', start: day, end: day },
    { grain: 'WEEKLY', start: week, end: plusDays(week, 6) },
    { grain: 'MONTHLY', start: `${day.slice(0, 7)}-01`, end: dayOf(nextMonth - DAY_MS) },
  ];
}

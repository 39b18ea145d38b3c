import type { Format, PeriodGrain } from '../../../dashboards/chart.ts';
import type { BuiltSpan } from '../answers.ts';

const language = 'en-GB';
const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
const units = [
  { from: 999_950_000, by: 1e9, sign: 'B' },
  { from: 999_950, by: 1e6, sign: 'M' },
  { from: 1_000, by: 1e3, sign: 'k' },
];
const share = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
const change = new Intl.NumberFormat(language, {
  style: 'percent',
  maximumFractionDigits: 1,
  signDisplay: 'exceptZero',
});
const dates = {
  day: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', timeZone: 'UTC' }),
  dayOfYear: new Intl.DateTimeFormat(language, { day: 'numeric', month: 'short', year: 'numeric', timeZone: 'UTC' }),
  month: new Intl.DateTimeFormat(language, { month: 'short', year: 'numeric', timeZone: 'UTC' }),
} as const;

/** A large number with a k, M or B, as the bucket labels have them: `1.2k`, `35M`. */
function compact(value: number): string {
  const unit = units.find(({ from }) => Math.abs(value) >= from);
  if (unit === undefined) return average(value);
  return `${(value / unit.by).toLocaleString(language, { maximumFractionDigits: 1 })}${unit.sign}`;
}

/** Dollars with the digits that matter: $1,234, $12.34, $0.0123, $0.0000421. */
function usd(value: number): string {
  const size = Math.abs(value);
  const digits = size === 0 || size >= 1_000 ? 0 : size >= 1 ? 2 : size >= 0.1 ? 3 : digitsBelowOne(size);
  return `$${value.toLocaleString(language, { minimumFractionDigits: Math.min(digits, 2), maximumFractionDigits: digits })}`;
}

/** Digits behind the point that hold the first three that are not 0; no more than every engine writes. */
function digitsBelowOne(size: number): number {
  return Math.min(2 - Math.floor(Math.log10(size)), 20);
}

function average(value: number): string {
  return value.toLocaleString(language, { maximumFractionDigits: Math.abs(value) >= 100 ? 0 : 2 });
}

/** A value in full, as tooltips and tables write it; an absent one is a dash. */
export function full(value: string | number | null, format: Format): string {
  if (value === null) return '–';
  if (typeof value === 'string')
    return format === 'instant' ? value.slice(0, 16) : format === 'date' ? date(value) : value;
  if (format === 'count') return whole.format(value);
  if (format === 'usd') return usd(value);
  return format === 'share' ? share.format(value) : average(value);
}

/** A value in short, as key figures write it. */
export function short(value: number, format: Format): string {
  if (format === 'usd') return Math.abs(value) >= 1_000 ? `$${compact(value)}` : usd(value);
  return format === 'share' ? share.format(value) : compact(value);
}

/** A round value, as axes write it. */
export function tick(value: number, format: Format): string {
  if (format === 'share') return share.format(value);
  return `${format === 'usd' ? '$' : ''}${Math.abs(value) < 1 ? value.toLocaleString(language, { maximumSignificantDigits: 4 }) : compact(value)}`;
}

/** A change as a share of what was before; undefined where there was nothing. */
export function changeText(now: number, before: number): string | undefined {
  return before === 0 ? undefined : change.format(now / before - 1).replace('-', '−');
}

/** A calendar date: `3 Nov 2026`. */
export function date(text: string): string {
  return dates.dayOfYear.format(new Date(`${text}T00:00:00Z`));
}

/** A period as an axis names it: a week by its first day. */
export function periodTick(start: string, grain: PeriodGrain): string {
  return (grain === 'MONTHLY' ? dates.month : dates.day).format(new Date(`${start}T00:00:00Z`));
}

/** A period in full: `3 Nov 2026`, `week of 2 Nov 2026`, `Nov 2026`. */
export function periodName(start: string, grain: PeriodGrain): string {
  if (grain === 'MONTHLY') return dates.month.format(new Date(`${start}T00:00:00Z`));
  return grain === 'WEEKLY' ? `week of ${date(start)}` : date(start);
}

/** Whether the days that are built can still change: `final` where none can. */
export function stateText({ last, provisionalFrom }: BuiltSpan): string {
  if (provisionalFrom === undefined) return 'final';
  return provisionalFrom === last ? 'provisional' : `provisional from ${date(provisionalFrom)} on`;
}

/** Milliseconds as a person says them. */
export function duration(millis: number): string {
  if (millis < 1_000) return `${Math.round(millis)} ms`;
  if (millis < 60_000) return `${(millis / 1_000).toFixed(1)} s`;
  return `${Math.floor(millis / 60_000)} min ${Math.round((millis % 60_000) / 1_000)} s`;
}

/** Bytes in the unit that leaves few digits. */
export function bytes(count: number): string {
  const names = ['B', 'kB', 'MB', 'GB', 'TB'];
  const power = count < 1 ? 0 : Math.min(Math.floor(Math.log10(count) / 3), names.length - 1);
  return `${(count / 1_000 ** power).toLocaleString(language, { maximumFractionDigits: power === 0 ? 0 : 1 })} ${names[power] ?? ''}`;
}

const DAY_MILLISECONDS = 86_400_000;

/** The decimal digits `text[from, to)` as a number, or NaN when one of them is no digit. */
export function digitsAt(text: string, from: number, to: number): number {
  let value = 0;
  for (let at = from; at < to; at += 1) {
    const digit = text.charCodeAt(at) - 0x30;
    if (!(digit >= 0 && digit <= 9)) return Number.NaN;
    value = value * 10 + digit;
  }
  return value;
}

/** The days from 1970-01-01 to the calendar date `YYYY-MM-DD` at the start of `text`; NaN when there is none. */
export function dayAtStart(text: string): number {
  if (text[4] !== '-' || text[7] !== '-') return Number.NaN;
  const year = digitsAt(text, 0, 4);
  const month = digitsAt(text, 5, 7);
  const day = digitsAt(text, 8, 10);
  if (!(month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month))) return Number.NaN;
  // Date.UTC takes the years 0 to 99 for 1900 to 1999: 400 years later the calendar is the same.
  return Date.UTC(year + 400, month - 1, day) / DAY_MILLISECONDS - 146_097;
}

/** Reads a date spelt `YYYY-MM-DD` into days since 1970-01-01; undefined when the calendar has no such date. */
export function readDay(text: string): number | undefined {
  const day = text.length === 10 ? dayAtStart(text) : Number.NaN;
  return Number.isNaN(day) ? undefined : day;
}

function daysInMonth(year: number, month: number): number {
  if (month === 2) return (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0 ? 29 : 28;
  return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
}

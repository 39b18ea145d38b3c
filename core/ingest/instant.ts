import { dayAtStart, digitsAt } from './calendar.ts';

const DAY_MICROS = 86_400_000_000;

/**
 * Reads ISO 8601 with an offset into microseconds since 1970; undefined when it is none. `YYYY-MM-DDThh:mm`, then optionally `:ss`
 * and a fraction after `.` or `,`, of which what is finer than a microsecond is cut off (rounding could move the instant to the next
 * day), then `Z`, `±hh:mm`, `±hhmm` or `±hh`. As in RFC 3339 the letters may be small and a space may stand for the `T`.
 */
export function readInstant(text: string): number | undefined {
  const day = dayAtStart(text);
  const separator = text[10];
  if (separator !== 'T' && separator !== 't' && separator !== ' ') return undefined;
  const hour = digitsAt(text, 11, 13);
  const minute = digitsAt(text, 14, 16);
  if (text[13] !== ':' || !(hour <= 23 && minute <= 59)) return undefined;

  let at = 16;
  let second = 0;
  let fraction = 0;
  if (text[at] === ':') {
    second = digitsAt(text, 17, 19);
    if (!(second <= 59)) return undefined;
    at = 19;
    if (text[at] === '.' || text[at] === ',') {
      const start = at + 1;
      at = start;
      while (isDigit(text.charCodeAt(at))) at += 1;
      if (at === start) return undefined;
      const kept = Math.min(at, start + 6);
      fraction = digitsAt(text, start, kept) * 10 ** (6 - (kept - start));
    }
  }

  const offsetMinutes = readOffset(text, at);
  const micros = day * DAY_MICROS + ((hour * 60 + minute - offsetMinutes) * 60 + second) * 1_000_000 + fraction;
  return Number.isNaN(micros) ? undefined : micros;
}

/** The offset from UTC, in minutes, that is all the rest of `text`; NaN when it is none. */
function readOffset(text: string, at: number): number {
  const mark = text[at];
  const length = text.length - at;
  if (mark === 'Z' || mark === 'z') return length === 1 ? 0 : Number.NaN;
  if (mark !== '+' && mark !== '-') return Number.NaN;
  const colon = length === 6 && text[at + 3] === ':' ? 1 : 0;
  if (length !== 3 && length !== 5 + colon) return Number.NaN;
  const hours = digitsAt(text, at + 1, at + 3);
  const minutes = length === 3 ? 0 : digitsAt(text, at + 3 + colon, at + 5 + colon);
  if (!(hours <= 23 && minutes <= 59)) return Number.NaN;
  return (hours * 60 + minutes) * (mark === '+' ? 1 : -1);
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

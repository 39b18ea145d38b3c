import { mostDaysOff, type Topic, type TopicField } from '../catalogue/topic.ts';
import { recordYears } from '../window.ts';
import { readDay } from './calendar.ts';
import { type ExactNumber, readExactNumber, toCost, toMicros, toWhole } from './exact-number.ts';
import { readInstant } from './instant.ts';
import { numberSources } from './number-sources.ts';
import type { Rejection, RejectionReason } from './rejection.ts';

/**
 * A field as it is stored: text as it came; tokens and costs (in units of 10^-9) as bigint; an instant as bigint microseconds and a day
 * as days, both since 1970; null where it is missing.
 */
export type StoredValue = string | bigint | number | null;

/** Either a row, its values in the order of the topic's fields, or why there is none. */
export type Admission = { readonly row: readonly StoredValue[] } | { readonly rejected: Rejection };

/** A record longer than this many bytes is rejected unread. Kafka's own limit is 1 MiB by default; a line of a file has none. */
export const maxRecordBytes = 4 * 1024 * 1024;

const DAY_MICROS = 86_400_000_000;
const EARLIEST_MICROS = Date.UTC(recordYears.from, 0, 1) * 1000;
const END_MICROS = Date.UTC(recordYears.to, 0, 1) * 1000;

// A double stands for one spelling of up to 15 digits. A longer one that it takes for a whole number (12.0000000000000001, 1e-400) has to
// be read as spelt. Costs below a dollar are often long; they are told apart by their leading 0, or every other record would be scanned.
const LONG_NUMBER = /:[ \t\r\n]*-?(?:[1-9][0-9.]{15}|0\.[09]{15}|[0-9.]+[eE])/;

/**
 * Admits one record to the bronze table of its topic, or rejects it because of the first of the topic's fields that is wrong, in the
 * order in which they are declared. `text` is the record's JSON, `arrival` when it came in. Never throws because of the record.
 */
export function admit(topic: Topic, text: string, arrival: Date): Admission {
  const record = parseObject(text);
  if (record === undefined) return { rejected: { field: null, reason: 'not an object' } };

  const spelling = new Spelling(text);
  const row: StoredValue[] = [];
  let eventMicros = Number.NaN;
  let dayIndex = -1;
  for (const field of topic.fields) {
    const value = record[field.name];
    if (value === undefined || value === null || value === '') {
      if (field.required) return reject(field, 'missing');
      if (field.name === topic.day) dayIndex = row.length;
      row.push(null);
      continue;
    }
    switch (field.kind) {
      case 'text':
        if (typeof value !== 'string') return reject(field, 'not text');
        // Half a surrogate pair has no UTF-8: stores replace it, and two different ids could become one.
        if (!value.isWellFormed()) return reject(field, 'not Unicode');
        row.push(value);
        break;
      case 'tokens': {
        const whole = readTokens(value, field, spelling);
        if (typeof whole === 'string') return reject(field, whole);
        row.push(whole);
        break;
      }
      case 'cost': {
        const cost = readCost(value, field, spelling);
        if (typeof cost === 'string') return reject(field, cost);
        row.push(cost);
        break;
      }
      case 'instant': {
        const micros = readTimestamp(value, field, spelling);
        if (typeof micros === 'string') return reject(field, micros);
        if (!(micros >= EARLIEST_MICROS && micros < END_MICROS)) return reject(field, 'out of range');
        if (field.name === topic.eventTime) {
          if (micros > arrival.getTime() * 1000 + DAY_MICROS) return reject(field, 'in the future');
          eventMicros = micros;
        }
        row.push(BigInt(micros));
        break;
      }
      case 'day': {
        const day = typeof value === 'string' ? readDay(value) : undefined;
        if (day === undefined) return reject(field, 'no calendar date');
        if (field.name === topic.day && Math.abs(day - Math.floor(eventMicros / DAY_MICROS)) > mostDaysOff)
          return reject(field, 'too far from timestamp');
        row.push(day);
        break;
      }
    }
  }
  if (dayIndex >= 0) row[dayIndex] = Math.floor(eventMicros / DAY_MICROS);
  return { row };
}

function reject(field: TopicField, reason: RejectionReason): Admission {
  return { rejected: { field: field.name, reason } };
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    return undefined;
  }
  return isRecord(parsed) ? parsed : undefined;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The numbers of one record as they were spelt, scanned only for a record in which a double could differ from the spelling. */
class Spelling {
  readonly #text: string;
  #long: boolean | undefined;
  #sources: Map<string, string> | undefined;

  constructor(text: string) {
    this.#text = text;
  }

  /** Whether some number of the record is spelt in a way that its double may not stand for. */
  isLong(): boolean {
    this.#long ??= LONG_NUMBER.test(this.#text);
    return this.#long;
  }

  /** A number, or a string that spells one, exactly; undefined when `value` is neither. */
  exact(value: unknown, field: TopicField): ExactNumber | undefined {
    if (typeof value === 'string') return readExactNumber(value);
    if (typeof value !== 'number') return undefined;
    this.#sources ??= numberSources(this.#text);
    const source = this.#sources.get(field.name);
    return source === undefined ? undefined : readExactNumber(source);
  }
}

function readTokens(value: unknown, field: TopicField, spelling: Spelling): bigint | RejectionReason {
  if (Number.isSafeInteger(value) && typeof value === 'number' && value >= 0 && !spelling.isLong())
    return BigInt(value);
  const exact = spelling.exact(value, field);
  return exact === undefined ? 'not a number' : toWhole(exact);
}

function readCost(value: unknown, field: TopicField, spelling: Spelling): bigint | RejectionReason {
  // Minus zero can be a negative number too small for a double.
  if (typeof value === 'number' && value >= 0 && value < 1000 && !Object.is(value, -0)) {
    // Below 1,000 the product is off by less than 2^-12, so only a spelling that close to a half can round otherwise.
    const units = value * 1e9;
    const below = Math.floor(units);
    const rest = units - below;
    if (Math.abs(rest - 0.5) > 0.001) return BigInt(rest < 0.5 ? below : below + 1);
  }
  const exact = spelling.exact(value, field);
  return exact === undefined ? 'not a number' : toCost(exact);
}

function readTimestamp(value: unknown, field: TopicField, spelling: Spelling): number | RejectionReason {
  if (typeof value === 'string') {
    const micros = readInstant(value);
    if (micros !== undefined) return micros;
  } else if (Number.isSafeInteger(value) && typeof value === 'number' && !spelling.isLong()) {
    return value * 1000;
  }
  const exact = spelling.exact(value, field);
  if (exact === undefined) return 'unreadable';
  return toMicros(exact) ?? 'out of range';
}

import { dayOf, isDay, plusDays } from './days.ts';
import { billionths, wholeNumber } from './decimal.ts';

type Kind = 'text' | 'instant' | 'day' | 'tokens' | 'cost';
type Value = string | bigint | null;

/** A record as bronze holds it: costs in billionths, the timestamp as `YYYY-MM-DD HH:MM:SS.mmm`. */
export type Admitted = ReadonlyMap<string, Value>;

export interface Rejected {
  readonly topic: 'chat' | 'tool';
  /** Counted from 1. */
  readonly line: number;
  /** The first field at fault in the topic's order; null when the line holds no object. */
  readonly field: string | null;
}

export const chatFields: readonly [string, Kind][] = [
  ['chat_id', 'text'],
  ['user_id', 'text'],
  ['room_id', 'text'],
  ['timestamp', 'instant'],
  ['dt', 'day'],
  ['model', 'text'],
  ['prompt_tokens', 'tokens'],
  ['completion_tokens', 'tokens'],
  ['total_tokens', 'tokens'],
  ['input_tokens_cost', 'cost'],
  ['output_tokens_cost', 'cost'],
  ['request_cost', 'cost'],
  ['total_cost', 'cost'],
  ['country', 'text'],
  ['platform', 'text'],
  ['si_version', 'text'],
  ['device', 'text'],
  ['res_status', 'text'],
  ['res_type', 'text'],
];

export const toolFields: readonly [string, Kind][] = [
  ['reasoning_steps_id', 'text'],
  ['chat_id', 'text'],
  ['user_id', 'text'],
  ['timestamp', 'instant'],
  ['dt', 'day'],
  ['tool_type', 'text'],
];

const required = new Set(['reasoning_steps_id', 'chat_id', 'user_id', 'room_id', 'timestamp']);
const DAY_MS = 86_400_000;
const FAULT = Symbol('fault');

/** A number as it was spelt: JSON.parse alone would round 0.1 and everything beyond 53 bits. */
class Spelling {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/** Divides the lines of one topic into what bronze takes and what it rejects. Blank lines are neither. */
export function admit(topic: 'chat' | 'tool', lines: readonly string[], arrival: Date) {
  const fields = topic === 'chat' ? chatFields : toolFields;
  const admitted: Admitted[] = [];
  const rejected: Rejected[] = [];
  lines.forEach((text, index) => {
    if (text.trim() === '') return;
    const record = parse(text);
    const result = record === undefined ? null : readRecord(fields, record, arrival);
    if (result instanceof Map) admitted.push(result);
    else rejected.push({ topic, line: index + 1, field: result });
  });
  return { admitted, rejected };
}

function parse(text: string): ReadonlyMap<string, unknown> | undefined {
  const keepSpelling = (_key: string, value: unknown, context?: { source?: string }) =>
    typeof value === 'number' && context?.source !== undefined ? new Spelling(context.source) : value;
  try {
    const record: unknown = JSON.parse(text, keepSpelling);
    const isObject =
      typeof record === 'object' && record !== null && !Array.isArray(record) && !(record instanceof Spelling);
    return isObject ? new Map(Object.entries(record)) : undefined;
  } catch {
    return undefined;
  }
}

/** The record, or the name of the first field at fault. */
function readRecord(fields: readonly [string, Kind][], record: ReadonlyMap<string, unknown>, arrival: Date) {
  const instant = readInstant(record.get('timestamp'), arrival);
  const row = new Map<string, Value>();
  for (const [name, kind] of fields) {
    const given = record.get(name);
    const missing = given === undefined || given === null || given === '';
    if (missing && required.has(name)) return name;
    let value: Value | typeof FAULT = null;
    if (kind === 'instant') value = instant === undefined ? FAULT : instantText(instant);
    else if (kind === 'day') value = instant === undefined ? FAULT : readDay(missing ? undefined : given, instant);
    else if (!missing) value = readField(kind, given);
    if (value === FAULT) return name;
    row.set(name, value);
  }
  return row;
}

function readField(kind: 'text' | 'tokens' | 'cost', given: unknown): Value | typeof FAULT {
  if (kind === 'text') return typeof given === 'string' ? given : FAULT;
  const text = given instanceof Spelling ? given.text : given;
  if (typeof text !== 'string') return FAULT;
  return (kind === 'tokens' ? wholeNumber(text) : billionths(text)) ?? FAULT;
}

function readDay(given: unknown, instant: number): string | typeof FAULT {
  const day = dayOf(instant);
  if (given === undefined) return day;
  if (typeof given !== 'string' || !isDay(given)) return FAULT;
  return given >= plusDays(day, -1) && given <= plusDays(day, 1) ? given : FAULT;
}

/** Milliseconds since 1970. */
function readInstant(given: unknown, arrival: Date): number | undefined {
  const text = given instanceof Spelling ? given.text : given;
  if (typeof text !== 'string') return undefined;
  const epoch = wholeNumber(text);
  const ms = epoch === undefined ? isoInstant(text) : Number(epoch);
  if (ms === undefined || ms < Date.UTC(2000, 0, 1) || ms >= Date.UTC(2100, 0, 1)) return undefined;
  return ms > arrival.getTime() + DAY_MS ? undefined : ms;
}

function isoInstant(text: string): number | undefined {
  const pattern =
    /^(\d{4}-\d\d-\d\d)T([01]\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.(\d+))?)?(?:Z|([+-])(\d\d):?([0-5]\d))$/;
  const match = pattern.exec(text);
  if (match === null) return undefined;
  const [, day = '', hour, minute, second = '0', fraction = '', sign = '+', offsetHour = '0', offsetMinute = '0'] =
    match;
  if (!isDay(day)) return undefined;
  const seconds = (Number(hour) * 60 + Number(minute)) * 60 + Number(second);
  const offset = (Number(offsetHour) * 60 + Number(offsetMinute)) * 60_000;
  const local = Date.parse(`${day}T00:00:00Z`) + seconds * 1000 + Number(fraction.slice(0, 3).padEnd(3, '0'));
  return sign === '+' ? local - offset : local + offset;
}

function instantText(ms: number): string {
  return new Date(ms).toISOString().replace('T', ' ').replace('Z', '');
}

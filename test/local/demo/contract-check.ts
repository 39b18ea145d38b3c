// What may enter bronze, written a second time from the contract and for the tests alone: it shares nothing with the product.

export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };

const required = {
  chat: ['chat_id', 'user_id', 'room_id', 'timestamp'],
  tool: ['reasoning_steps_id', 'chat_id', 'user_id', 'timestamp'],
};
const texts = [
  'chat_id',
  'user_id',
  'room_id',
  'reasoning_steps_id',
  'model',
  'country',
  'platform',
  'si_version',
  'device',
  'res_status',
  'res_type',
  'tool_type',
];
const tokens = ['prompt_tokens', 'completion_tokens', 'total_tokens'];
const costs = ['input_tokens_cost', 'output_tokens_cost', 'request_cost', 'total_cost'];
const dayMs = 86_400_000;

/** The instant of a timestamp field, or NaN. */
function instant(value: Json | undefined): number {
  const spelt = String(value);
  if (typeof value === 'number' || (typeof value === 'string' && /^\d+$/.test(spelt))) return Number(spelt);
  const iso = /^(\d{4}-\d\d-\d\d)T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/.exec(spelt);
  return typeof value === 'string' && iso !== null && isDate(iso[1] ?? '') ? Date.parse(spelt) : Number.NaN;
}

function isDate(date: string): boolean {
  const parsed = new Date(`${date}T00:00:00Z`);
  return /^\d{4}-\d\d-\d\d$/.test(date) && !Number.isNaN(parsed.getTime()) && parsed.toISOString().startsWith(date);
}

export function utcDay(timestamp: Json | undefined): string {
  return new Date(instant(timestamp)).toISOString().slice(0, 10);
}

/** The first reason to reject a line that arrives on a day, or the record it holds. */
export function fault(
  topic: 'chat' | 'tool',
  line: string,
  arrives: string,
): { fault: string; record: undefined } | { fault: undefined; record: Readonly<Record<string, Json>> } {
  const reject = (reason: string) => ({ fault: reason, record: undefined });
  let record: Json;
  try {
    record = JSON.parse(line);
  } catch {
    return reject('not JSON');
  }
  if (record === null || typeof record !== 'object' || !isObject(record)) return reject('not an object');
  const value = (field: string): Json | undefined =>
    record[field] === '' || record[field] === null ? undefined : record[field];

  for (const field of required[topic]) if (value(field) === undefined) return reject(`${field} missing`);
  for (const field of texts)
    if (!['string', 'undefined'].includes(typeof value(field))) return reject(`${field} not text`);
  const at = instant(value('timestamp'));
  if (!(at >= Date.UTC(2000, 0) && at < Date.UTC(2100, 0))) return reject('timestamp unreadable');
  if (at > Date.parse(arrives) + 2 * dayMs) return reject('timestamp ahead');
  const dt = value('dt');
  if (dt !== undefined) {
    if (typeof dt !== 'string' || !isDate(dt)) return reject('dt no date');
    if (Math.abs(Date.parse(dt) - Date.parse(utcDay(value('timestamp')))) > dayMs) return reject('dt far off');
  }
  for (const field of [...tokens, ...costs]) {
    const number = value(field);
    if (number === undefined) continue;
    const read =
      typeof number === 'number' || (typeof number === 'string' && /^[-\d.eE+]+$/.test(number))
        ? Number(number)
        : Number.NaN;
    if (Number.isNaN(read)) return reject(`${field} not a number`);
    if (read < 0) return reject(`${field} negative`);
    if (tokens.includes(field) && !Number.isInteger(read)) return reject(`${field} not whole`);
    if (read >= (tokens.includes(field) ? 2 ** 63 : 1e9)) return reject(`${field} too large`);
  }
  return { fault: undefined, record };
}

function isObject(value: object): value is { readonly [key: string]: Json } {
  return !Array.isArray(value);
}

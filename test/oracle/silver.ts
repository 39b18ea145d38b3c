import { type Admitted, chatFields, toolFields } from './admission.ts';
import { regionOf } from './countries.ts';
import { plusDays } from './days.ts';

/** A message as silver_messages holds it, costs in billionths. */
export interface Message {
  readonly chat_id: string;
  readonly user_id: string;
  readonly room_id: string;
  readonly timestamp: string;
  readonly dt: string;
  readonly model: string | null;
  readonly prompt_tokens: bigint;
  readonly completion_tokens: bigint;
  readonly total_tokens: bigint;
  readonly input_tokens_cost: bigint;
  readonly output_tokens_cost: bigint;
  readonly request_cost: bigint;
  readonly total_cost: bigint;
  readonly country: string;
  readonly platform: string;
  readonly si_version: string;
  readonly device: string;
  readonly res_status: string;
  readonly res_type: string;
  readonly region: string;
}

export interface ToolCall {
  readonly reasoning_steps_id: string;
  readonly chat_id: string;
  readonly user_id: string;
  readonly timestamp: string;
  readonly dt: string;
  readonly platform: string;
  readonly tool_type: string;
}

/** The messages of delivered records, each once. `platforms`, if given, are the platforms kept by name. */
export function messagesOf(records: readonly Admitted[], platforms: readonly string[] | undefined): Message[] {
  return once(records, 'chat_id', chatFields).map((record) => {
    const prompt = number(record, 'prompt_tokens') ?? 0n;
    const completion = number(record, 'completion_tokens') ?? 0n;
    const input = number(record, 'input_tokens_cost') ?? 0n;
    const output = number(record, 'output_tokens_cost') ?? 0n;
    const request = number(record, 'request_cost') ?? 0n;
    const country = text(record, 'country')?.toUpperCase() ?? 'Unknown';
    return {
      chat_id: sure(record, 'chat_id'),
      user_id: sure(record, 'user_id'),
      room_id: sure(record, 'room_id'),
      timestamp: sure(record, 'timestamp'),
      dt: sure(record, 'dt'),
      model: text(record, 'model'),
      prompt_tokens: prompt,
      completion_tokens: completion,
      total_tokens: number(record, 'total_tokens') ?? prompt + completion,
      input_tokens_cost: input,
      output_tokens_cost: output,
      request_cost: request,
      total_cost: number(record, 'total_cost') ?? input + output + request,
      country,
      platform: platformOf(text(record, 'platform'), platforms),
      si_version: text(record, 'si_version') ?? 'Unknown',
      device: text(record, 'device') ?? 'Unknown',
      res_status: text(record, 'res_status') ?? 'Unknown',
      res_type: text(record, 'res_type') ?? 'Unknown',
      region: regionOf.get(country) ?? 'Unknown',
    };
  });
}

/** The tool calls of delivered records, each once, with the platform of the chat on the same, the previous or the next day. */
export function toolCallsOf(records: readonly Admitted[], messages: readonly Message[]): ToolCall[] {
  const platforms = new Map(messages.map((message) => [`${message.dt} ${message.chat_id}`, message.platform]));
  return once(records, 'reasoning_steps_id', toolFields).map((record) => {
    const chat = sure(record, 'chat_id');
    const dt = sure(record, 'dt');
    const found = [dt, plusDays(dt, -1), plusDays(dt, 1)].map((day) => platforms.get(`${day} ${chat}`));
    return {
      reasoning_steps_id: sure(record, 'reasoning_steps_id'),
      chat_id: chat,
      user_id: sure(record, 'user_id'),
      timestamp: sure(record, 'timestamp'),
      dt,
      platform: found.find((platform) => platform !== undefined) ?? 'Unknown',
      tool_type: text(record, 'tool_type') ?? 'Unknown',
    };
  });
}

function platformOf(given: string | null, platforms: readonly string[] | undefined): string {
  if (given === null || given === 'All' || given === 'Unknown') return 'Unknown';
  return platforms === undefined || platforms.includes(given) ? given : 'Other';
}

/** One record per (dt, id): of several, the smallest in the order of the topic's fields. */
function once(records: readonly Admitted[], id: string, fields: readonly (readonly [string, string])[]): Admitted[] {
  const chosen = new Map<string, Admitted>();
  for (const record of records) {
    const key = `${sure(record, 'dt')} ${sure(record, id)}`;
    const rival = chosen.get(key);
    if (rival === undefined || compareRecords(record, rival, fields) < 0) chosen.set(key, record);
  }
  return [...chosen.values()];
}

function compareRecords(a: Admitted, b: Admitted, fields: readonly (readonly [string, string])[]): number {
  for (const [name] of fields) {
    const order = compareValues(a.get(name) ?? null, b.get(name) ?? null);
    if (order !== 0) return order;
  }
  return 0;
}

function compareValues(a: string | bigint | null, b: string | bigint | null): number {
  if (a === b) return 0;
  if (a === null) return 1;
  if (b === null) return -1;
  // The bytes of UTF-8 sort by code point, which JavaScript's own comparison does not.
  if (typeof a === 'string' && typeof b === 'string') return Buffer.compare(Buffer.from(a), Buffer.from(b));
  return a < b ? -1 : 1;
}

function text(record: Admitted, name: string): string | null {
  const value = record.get(name);
  return typeof value === 'string' ? value : null;
}

function number(record: Admitted, name: string): bigint | null {
  const value = record.get(name);
  return typeof value === 'bigint' ? value : null;
}

function sure(record: Admitted, name: string): string {
  const value = text(record, name);
  if (value === null) throw new Error(`admission let a record without ${name} pass`);
  return value;
}

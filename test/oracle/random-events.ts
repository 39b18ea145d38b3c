// Small data sets made to be awkward: few users, rooms and platforms, so that everything collides; values on the edges.

import fc from 'fast-check';
import { fault, type Spelt } from './broken-lines.ts';
import { plusDays } from './days.ts';
import type { OracleInput } from './oracle.ts';

export interface Size {
  readonly messages: number;
  readonly toolCalls: number;
}

// Every one begins on a day that the weeks or months in it do not begin on, or ends where a calendar is awkward.
const calendars = [
  { from: '2025-12-24', to: '2026-01-06' }, // the end of a year; its last week lies in both
  { from: '2026-12-23', to: '2027-01-05' }, // ISO week 53, 2026-12-28 to 2027-01-03
  { from: '2028-02-24', to: '2028-03-07' }, // 29 February
  { from: '2027-02-20', to: '2027-03-07' }, // 28 February is a Sunday
  { from: '2026-04-28', to: '2026-06-01' }, // one whole month between two broken ones
  { from: '2026-01-07', to: '2026-02-03' }, // begins on a Wednesday, in the middle of a month
] as const;

const absent = [undefined, 'null', '""'];
const countries = ['"KR"', '"kr"', '"us"', '"US"', '"De"', '"xk"', '"TW"', '"AQ"', '"QQ"', '"other"', '"Atlantis"'];
const platforms = ['"web"', '"ios"', '"iOS"', '"android"', '"All"', '"all"', '"OTHER"', '"Other"', '"Unknown"'];
const versions = ['"1.0"', '"1.0 "', '"2.0-β"', '"OTHER"', '"it\'s"', '"a\\\\b"', '"All"'];
const devices = ['"phone"', '"\\ud83d\\udcf1"', '"OTHER"', '"Phone"'];
const tools = ['"search"', '"Search"', '"code"', '"OTHER"', '"All"'];
const tokens = [
  '0',
  '1',
  '2',
  '99',
  '100',
  '101',
  '200',
  '201',
  '500',
  '501',
  '1000',
  '1001',
  '3000',
  '50000',
  '5000000',
];
// The first number that a double does not hold among them.
const spelledTokens = ['9007199254740993', '"300"', '12.0', '1.2E+1', '"1e3"', '"100.00"'];
const costs = ['0', '0.0', '0.01', '0.05', '0.1', '0.3', '0.5', '1', '2', '5', '10', '30', '0.02', '0.04', '0.09'];
const spelledCosts = ['"0.05"', '1e-2', '"3E-1"', '0.010000001', '0.0100000004', '0.0100000005', '0.0000000005'];
const longCosts = ['0.00000000049999', '0.3333333333333333333', '0.049999999', '0.0499999999999', '"12.50"'];

const text = (...values: readonly (string | undefined)[]) => fc.constantFrom(...values);
const tokenField = text(...absent, ...tokens, ...tokens, ...spelledTokens);
const costField = text(...absent, ...costs, ...costs, ...spelledCosts, ...longCosts);

const described = fc.record({
  user_id: fc.integer({ min: 1, max: 14 }).map((number) => `"u${Math.ceil(number / 1.3)}"`),
  room_id: text('"r1"', '"r2"', '"r3"', '"r4"', '"r5"', '"u1"'),
  user_original_query: text(undefined, '"my secret"', '{"a":[1]}'),
  model: text(...absent, '"m-large"', '"m-small"'),
  prompt_tokens: tokenField,
  completion_tokens: tokenField,
  total_tokens: fc.oneof(fc.constant(undefined), tokenField),
  input_tokens_cost: costField,
  output_tokens_cost: costField,
  request_cost: costField,
  // Mostly cents, whose sums lie on the buckets' edges.
  total_cost: fc.oneof(fc.constant(undefined), costField, text('0.01', '0.02', '0.03', '0.04', '0.1', '0.2', '0.5')),
  country: text(...absent, ...countries),
  platform: fc.oneof(
    { weight: 2, arbitrary: text('"web"', '"ios"') },
    { weight: 1, arbitrary: text(...absent, ...platforms) },
  ),
  si_version: text(...absent, ...versions),
  device: text(...absent, ...devices),
  res_status: text(...absent, '"ok"', '"error"'),
  res_type: text(...absent, '"text"', '"image"'),
});

const moment = fc.record({
  // Days from the first: one before it and one after the last are in bronze and not in silver.
  day: fc.nat(),
  // Most fall on three days, so that users and rooms meet.
  crowded: fc.nat(9).map((number) => number > 2),
  // Both ends of a day are as likely as all the rest of it.
  second: fc.oneof(fc.constantFrom(0, 1, 86_399), fc.nat(86_399)),
  spelling: fc.constantFrom('utc', 'seoul', 'new york', 'epoch', 'epoch text', 'millis'),
  dtShift: fc.constantFrom(undefined, undefined, 0, 0, 0, -1, 1),
});

const toolCall = fc.record({
  chat: fc.nat(),
  chatExists: fc.nat(9).map((number) => number > 0),
  dayShift: fc.constantFrom(0, 0, 0, 1, 1, -1, -1, 2, -2),
  second: fc.constantFrom(0, 1, 40_000, 86_399),
  spelling: fc.constantFrom('utc', 'seoul', 'epoch'),
  dtShift: fc.constantFrom(undefined, undefined, undefined, 0, 1, -1),
  user_id: fc.constantFrom('"u1"', '"u2"', '"u3"', '"u99"'),
  tool_type: text(...absent, ...tools),
  thought: text(undefined, '"hm"'),
});

const settings = fc.record(
  {
    weekStart: fc.constantFrom<'monday' | 'sunday'>('monday', 'sunday'),
    minimumUsersPerCell: fc.constantFrom(1, 2, 3, 4, 10),
    platforms: fc.constantFrom(['web', 'ios'], ['web', 'All', 'OTHER']),
  },
  { requiredKeys: ['weekStart', 'minimumUsersPerCell'] },
);

/**
 * Input for the oracle and for the pipeline that it judges. Ids are unique but for true repeats, which are spelt in
 * another way; no text is a control character; country names are ASCII. Default size: up to 120 messages, 50 tool calls.
 */
export function adversarialInput(size?: Size): fc.Arbitrary<OracleInput> {
  const exactly = (length: number | undefined, most: number) =>
    length === undefined ? { maxLength: most, size: 'max' as const } : { minLength: length, maxLength: length };
  return fc
    .record({
      calendar: fc.constantFrom(...calendars),
      settings,
      quietDay: fc.nat(),
      crowdedDays: fc.tuple(fc.nat(), fc.nat(), fc.nat()),
      messages: fc.array(fc.tuple(moment, described), exactly(size?.messages, 120)),
      toolCalls: fc.array(toolCall, exactly(size?.toolCalls, 50)),
      faults: fc.array(fault, { maxLength: 8 }),
      repeats: fc.array(fc.nat(), { maxLength: 10 }),
    })
    .map((drawn) => {
      const { from, to } = drawn.calendar;
      const allDays = daysFrom(from, to);
      const quiet = allDays[drawn.quietDay % allDays.length];
      const days = allDays.filter((day) => day !== quiet);
      const messages = drawn.messages.map(([at, fields], number) => {
        const index = at.crowded ? (drawn.crowdedDays[at.day % 3] ?? 0) : at.day;
        const day = days[index % days.length] ?? from;
        const moved = at.dtShift !== undefined && plusDays(day, at.dtShift) !== quiet;
        return {
          day,
          record: { chat_id: `"c${number}"`, ...when(day, moved ? at : { ...at, dtShift: undefined }), ...fields },
        };
      });
      const toolCalls = drawn.toolCalls.map(
        ({ chat, chatExists, dayShift, second, spelling, dtShift, ...fields }, index) => {
          const target = messages[chat % Math.max(messages.length, 1)];
          const day = plusDays(target?.day ?? from, dayShift);
          const at = { second, spelling, dtShift };
          const found = chatExists ? target?.record.chat_id : undefined;
          return { reasoning_steps_id: `"t${index}"`, chat_id: found ?? `"gone${index}"`, ...when(day, at), ...fields };
        },
      );
      const chats = messages.map(({ record }) => record);
      return {
        chat: lines(
          chats,
          drawn.repeats,
          drawn.faults.map(({ of, chatLine }) => ({ of, line: chatLine })),
        ),
        tool: lines(
          toolCalls,
          drawn.repeats,
          drawn.faults.map(({ of, toolLine }) => ({ of, line: toolLine })),
        ),
        settings: drawn.settings,
        silverDays: drawn.calendar,
        goldFrom: from,
        goldThrough: to,
        arrival: new Date(`${plusDays(to, 5)}T12:00:00Z`),
      };
    });
}

/** The same awkward input for the same seed. */
export function seededInput(seed: number, size: Size): OracleInput {
  const [input] = fc.sample(adversarialInput(size), { seed, numRuns: 1 });
  if (input === undefined) throw new Error('fast-check drew nothing');
  return input;
}

/** The same records in another order, each line once to three times. */
export function redelivered(input: OracleInput): fc.Arbitrary<OracleInput> {
  const again = (given: readonly string[]) =>
    fc
      .array(fc.integer({ min: 1, max: 3 }), { minLength: given.length, maxLength: given.length })
      .map((times) => given.flatMap((line, index) => Array.from({ length: times[index] ?? 1 }, () => line)))
      .chain((all) => fc.shuffledSubarray(all, { minLength: all.length, maxLength: all.length }));
  return fc.tuple(again(input.chat), again(input.tool)).map(([chat, tool]) => ({ ...input, chat, tool }));
}

/** The days, and one more on either side. */
function daysFrom(from: string, to: string): string[] {
  const days = [plusDays(from, -1)];
  for (let day = from; day <= plusDays(to, 1); day = plusDays(day, 1)) days.push(day);
  return days;
}

/** The timestamp and dt of a moment of a UTC day. */
function when(day: string, at: { second: number; spelling: string; dtShift: number | undefined }) {
  const ms = Date.parse(`${day}T00:00:00Z`) + at.second * 1000;
  const dt = at.dtShift === undefined ? undefined : `"${plusDays(day, at.dtShift)}"`;
  return { timestamp: spelledInstant(ms, at.spelling), dt };
}

function spelledInstant(ms: number, spelling: string): string {
  if (spelling === 'epoch') return `${ms}`;
  if (spelling === 'epoch text') return `"${ms}"`;
  const local = (hours: number) => new Date(ms + hours * 3_600_000).toISOString();
  if (spelling === 'seoul') return `"${local(9).slice(0, 19)}+09:00"`;
  if (spelling === 'new york') return `"${local(-5).slice(0, 19)}-05:00"`;
  return spelling === 'millis' ? `"${local(0)}"` : `"${local(0).slice(0, 19)}Z"`;
}

/** Lines of the records, of repeats with their fields the other way round, and of what may not enter. */
function lines(
  records: readonly Spelt[],
  repeats: readonly number[],
  faults: readonly { readonly of: number; readonly line: string | Spelt }[],
): string[] {
  const all = records.map((record) => json(Object.entries(record)));
  const pick = (index: number) => records[index % Math.max(records.length, 1)] ?? {};
  for (const index of repeats) if (records.length > 0) all.push(json(Object.entries(pick(index)).reverse()));
  for (const { of, line } of faults) {
    const text = typeof line === 'string' ? line : json(Object.entries({ ...pick(of), ...line }));
    all.splice(of % (all.length + 1), 0, text);
  }
  return all;
}

function json(fields: readonly (readonly [string, string | undefined])[]): string {
  return `{${fields.flatMap(([name, value]) => (value === undefined ? [] : [`"${name}":${value}`])).join(',')}}`;
}

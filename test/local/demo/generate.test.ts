import { createHash } from 'node:crypto';
import { type DemoOptions, demoDays } from '../../../local/demo/generate.ts';
import { readTrace } from '../../../local/demo/trace.ts';
import { fault, type Json, utcDay } from './contract-check.ts';

interface Delivered {
  readonly line: string;
  readonly arrives: string;
  /** The record, unless the contract rejects it. */
  readonly record: Readonly<Record<string, Json>> | undefined;
  readonly fault: string | undefined;
}

const dayMs = 86_400_000;
const daysBetween = (from: string, to: string) => (Date.parse(to) - Date.parse(from)) / dayMs;
const share = <T>(of: readonly T[], which: (one: T) => boolean) => of.filter(which).length / of.length;

// 42 days over a leap day and a change of month: more than a month, so that monthly users can be counted.
const options: DemoOptions = { endsOn: '2028-03-20', days: 42, messages: 60_000, seed: 7 };
const chat: Delivered[] = [];
const tool: Delivered[] = [];
const dates: string[] = [];

beforeAll(() => {
  for (const day of demoDays(options)) {
    dates.push(day.date);
    for (const line of day.chat) chat.push({ line, arrives: day.date, ...fault('chat', line, day.date) });
    for (const line of day.tool) tool.push({ line, arrives: day.date, ...fault('tool', line, day.date) });
  }
});

const text = (value: Json | undefined): string => (typeof value === 'string' ? value : '');
const dayOf = (record: Readonly<Record<string, Json>>): string =>
  record.dt === undefined ? utcDay(record.timestamp) : text(record.dt);

/** The valid records by id, each as first delivered. */
function first(deliveries: readonly Delivered[], id: string) {
  const found = new Map<string, { record: Readonly<Record<string, Json>>; arrives: string }>();
  for (const { record, arrives } of deliveries) {
    if (record !== undefined && !found.has(text(record[id]))) found.set(text(record[id]), { record, arrives });
  }
  return found;
}

function digest(
  of: DemoOptions,
  read: (day: { chat: Iterable<string>; tool: Iterable<string> }) => string[][],
): string {
  const sum = createHash('sha256');
  for (const day of demoDays(of)) for (const lines of read(day)) for (const line of lines) sum.update(`${line}\n`);
  return sum.digest('hex');
}

describe('the same options', () => {
  const small: DemoOptions = { endsOn: '2026-01-02', days: 9, messages: 3_000 };
  const inOrder = digest(small, (day) => [[...day.chat], [...day.tool]]);

  test('give the same lines, also when tool calls are read first, or a day twice', () => {
    const toolFirst = digest(small, (day) => {
      const calls = [...day.tool];
      return [[...day.chat], calls];
    });
    const twice = digest(small, (day) => [
      [...day.chat].slice(0, 0),
      [...day.tool].slice(0, 0),
      [...day.chat],
      [...day.tool],
    ]);
    expect([toolFirst, twice]).toEqual([inOrder, inOrder]);
  });

  test('give other lines with another seed', () => {
    expect(digest({ ...small, seed: 1 }, (day) => [[...day.chat], [...day.tool]])).not.toBe(inOrder);
  });
});

test('the days of delivery are consecutive and end on the day that was asked for', () => {
  expect(dates).toHaveLength(42);
  expect(dates[0]).toBe('2028-02-08');
  expect(dates).toContain('2028-02-29');
  expect(dates.at(-1)).toBe('2028-03-20');
  expect(dates.slice(1).filter((date, index) => daysBetween(dates[index] ?? '', date) !== 1)).toEqual([]);
});

test.each([
  [1, 500],
  [45, 20_000],
  [75, 40_000],
])('%i days of %i messages have about as many', (days, messages) => {
  let count = 0;
  for (const day of demoDays({ endsOn: '2026-11-20', days, messages })) for (const _ of day.chat) count += 1;
  expect(count / messages).toBeGreaterThan(days === 1 ? 0.6 : 0.9);
  expect(count / messages).toBeLessThan(days === 1 ? 1.6 : 1.1);
});

test.each([
  [{ endsOn: '2026-02-30' }, /calendar date/],
  [{ endsOn: 'today' }, /calendar date/],
  [{ endsOn: '2026-02-28', days: 0 }, /days cannot be 0/],
  [{ endsOn: '2026-02-28', messages: 1.5 }, /messages cannot be 1.5/],
])('%j is refused with a reason', (wrong, reason) => {
  expect(() => demoDays(wrong).next()).toThrow(reason);
});

test('about one record in a thousand is broken, in many ways', () => {
  const all = [...chat, ...tool];
  const broken = all.filter((one) => one.fault !== undefined);
  expect(broken.length / all.length).toBeGreaterThan(0.0004);
  expect(broken.length / all.length).toBeLessThan(0.002);
  expect(new Set(broken.map((one) => one.fault)).size).toBeGreaterThan(12);
});

test('no valid record has a dt other than the UTC day of its timestamp, or arrives before it', () => {
  const wrong = [...chat, ...tool].filter(
    ({ record, arrives }) =>
      record !== undefined && (dayOf(record) !== utcDay(record.timestamp) || arrives < dayOf(record)),
  );
  expect(wrong.map(({ line }) => line)).toEqual([]);
});

test('one record in a hundred is late, and one in a thousand too late for a look-back of three days', () => {
  for (const deliveries of [first(chat, 'chat_id'), first(tool, 'reasoning_steps_id')]) {
    const delays = [...deliveries.values()].map(({ record, arrives }) => daysBetween(dayOf(record), arrives));
    expect(share(delays, (delay) => delay > 0)).toBeGreaterThan(0.007);
    expect(share(delays, (delay) => delay > 0)).toBeLessThan(0.013);
    expect(share(delays, (delay) => delay > 3)).toBeGreaterThan(0.0002);
    expect(Math.max(...delays)).toBe(6);
  }
});

test('one record in a hundred is delivered again with the same content, on the same day or a later one', () => {
  for (const [deliveries, id] of [
    [chat, 'chat_id'],
    [tool, 'reasoning_steps_id'],
  ] as const) {
    const valid = deliveries.filter(({ record }) => record !== undefined);
    const byId = Map.groupBy(valid, ({ record }) => text(record?.[id]));
    const again = [...byId.values()].filter((copies) => copies.length > 1);
    expect(again.length / byId.size).toBeGreaterThan(0.007);
    expect(again.length / byId.size).toBeLessThan(0.013);
    expect(again.filter((copies) => new Set(copies.map(({ line }) => line)).size > 1)).toEqual([]);
    const sameDay = share(again, (copies) => new Set(copies.map(({ arrives }) => arrives)).size === 1);
    expect(sameDay).toBeGreaterThan(0.4);
    expect(sameDay).toBeLessThan(0.8);
  }
});

test('tokens are pairs of the real trace, unless the answer failed', () => {
  const trace = readTrace();
  const pairsOf = (pairs: typeof trace.code) =>
    new Set(Array.from({ length: pairs.count }, (_, at) => `${pairs.prompt(at)} ${pairs.completion(at)}`));
  const real = { conversation: pairsOf(trace.conversation), code: pairsOf(trace.code) };
  expect([trace.conversation.count, trace.code.count]).toEqual([19_366, 8_819]);
  const answered = [...first(chat, 'chat_id').values()].filter(({ record }) =>
    /^(ok|cancelled)$/.test(text(record.res_status)),
  );
  const made = answered.filter(({ record }) => {
    const pairs = record.model === 'athena-code' ? real.code : real.conversation;
    return !pairs.has(`${Number(record.prompt_tokens)} ${Number(record.completion_tokens)}`);
  });
  expect(answered.length).toBeGreaterThan(50_000);
  expect(made).toEqual([]);
});

test('totals are there in all but a few records, and are the sums', () => {
  const records = [...first(chat, 'chat_id').values()].map(({ record }) => record);
  for (const field of ['total_tokens', 'total_cost']) {
    const missing = share(records, (record) => record[field] === undefined || record[field] === null);
    expect(missing).toBeGreaterThan(0.015);
    expect(missing).toBeLessThan(0.06);
  }
  const wrong = records.filter((record) => {
    const tokens = Number(record.prompt_tokens) + Number(record.completion_tokens);
    const cost = Number(record.input_tokens_cost) + Number(record.output_tokens_cost) + Number(record.request_cost);
    return (record.total_tokens ?? tokens) !== tokens || Math.abs(Number(record.total_cost ?? cost) - cost) > 2e-9;
  });
  expect(wrong).toEqual([]);
});

test('odd spellings that are allowed occur', () => {
  const has = (pattern: RegExp) => share(chat, ({ line, record }) => record !== undefined && pattern.test(line));
  expect(has(/"timestamp":\d{13},/)).toBeGreaterThan(0.001);
  expect(has(/"timestamp":"\d{13}"/)).toBeGreaterThan(0);
  expect(has(/"timestamp":"[^"]+[+-]\d\d:\d\d"/)).toBeGreaterThan(0.01);
  expect(has(/_cost":\d+\.\d{10,}/)).toBeGreaterThan(0.01);
  expect(has(/"prompt_tokens":"\d+"/)).toBeGreaterThan(0);
  expect(has(/"country":"[a-z]{2}"/)).toBeGreaterThan(0.001);
  expect(has(/^(?!.*"dt":)/)).toBeGreaterThan(0.001);
});

test('a third of the messages call tools, some of them on the other side of midnight', () => {
  const messages = first(chat, 'chat_id');
  const calls = [...first(tool, 'reasoning_steps_id').values()];
  const calling = new Set(calls.map(({ record }) => text(record.chat_id)));
  expect(calling.size / messages.size).toBeGreaterThan(0.28);
  expect(calling.size / messages.size).toBeLessThan(0.36);
  let strange = 0;
  let after = 0;
  let before = 0;
  for (const { record } of calls) {
    const message = messages.get(text(record.chat_id));
    if (message === undefined) continue;
    const distance = daysBetween(dayOf(message.record), dayOf(record));
    if (record.user_id !== message.record.user_id || Math.abs(distance) > 1) strange += 1;
    if (distance === 1) after += 1;
    if (distance === -1) before += 1;
  }
  expect(strange).toBe(0);
  expect(after).toBeGreaterThan(2);
  expect(before).toBeGreaterThan(0);
});

test('an id belongs to one person, one room or one message', () => {
  const records = [...first(chat, 'chat_id').values()].map(({ record }) => record);
  const ids = ['chat_id', 'user_id', 'room_id'].map((field) => new Set(records.map((record) => text(record[field]))));
  const steps = new Set(tool.flatMap(({ record }) => (record === undefined ? [] : [text(record.reasoning_steps_id)])));
  const sets = [...ids, steps];
  expect(new Set(sets.flatMap((set) => [...set])).size).toBe(sets.reduce((sum, set) => sum + set.size, 0));

  // A person has at most three platforms and one device on each; two people under one id would soon have more.
  const devices = Map.groupBy(
    records.filter(
      ({ platform, device }) => typeof device === 'string' && /^(web|ios|android|desktop|api)$/.test(text(platform)),
    ),
    ({ user_id }) => text(user_id),
  );
  const crowded = [...devices.values()].filter((own) => {
    const platforms = new Set(own.map(({ platform }) => platform));
    return (
      platforms.size > 3 ||
      new Set(own.map(({ platform, device }) => `${text(platform)} ${text(device)}`)).size > platforms.size
    );
  });
  expect(crowded).toEqual([]);
});

test('use looks like a product: fewer at weekends, more over time, and a heavy tail', () => {
  const records = [...first(chat, 'chat_id').values()].map(({ record }) => record);
  const usersOn = new Map(
    [...Map.groupBy(records, dayOf)].map(([day, own]) => [day, new Set(own.map(({ user_id }) => user_id)).size]),
  );
  const mean = (days: readonly string[]) => days.reduce((sum, day) => sum + (usersOn.get(day) ?? 0), 0) / days.length;
  const weekend = (day: string) => [0, 6].includes(new Date(day).getUTCDay());
  expect(mean(dates.filter(weekend)) / mean(dates.filter((day) => !weekend(day)))).toBeLessThan(0.75);
  expect(mean(dates.slice(-14)) / mean(dates.slice(0, 14))).toBeGreaterThan(1.1);

  const lastMonth = records.filter((record) => daysBetween(dayOf(record), options.endsOn) < 28);
  const perUser = [...Map.groupBy(lastMonth, ({ user_id }) => text(user_id)).values()]
    .map((own) => own.length)
    .sort((a, b) => b - a);
  const dailyOfMonthly = mean(dates.slice(-28)) / perUser.length;
  expect(dailyOfMonthly).toBeGreaterThan(0.12);
  expect(dailyOfMonthly).toBeLessThan(0.4);
  const busiest = perUser.slice(0, Math.ceil(perUser.length / 10)).reduce((sum, count) => sum + count, 0);
  expect(busiest / lastMonth.length).toBeGreaterThan(0.4);

  const rooms = [...Map.groupBy(records, ({ room_id }) => text(room_id)).values()].map(
    (own) => new Set(own.map(({ user_id }) => user_id)).size,
  );
  expect(share(rooms, (users) => users > 1)).toBeGreaterThan(0.002);
});

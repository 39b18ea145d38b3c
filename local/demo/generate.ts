import { InputError } from '../../core/errors.ts';
import { dateText, Lines } from './lines.ts';
import { type Plan, planDay, sizeDemo } from './plan.ts';
import { fraction } from './random.ts';
import { readTrace } from './trace.ts';

/** Chat messages of the demonstration: with their tool calls, half a million records. */
export const demoMessages = 340_000;

export interface DemoOptions {
  /** Last day of delivery, `YYYY-MM-DD`. */
  readonly endsOn: string;
  /** Default: 75. */
  readonly days?: number;
  /** Chat messages in all, met within a few per cent; tool calls come on top, nearly half as many. Default: {@link demoMessages}. */
  readonly messages?: number;
  /** Default: 2023. */
  readonly seed?: number;
}

/** What arrives on one day: NDJSON lines without line ends. Both can be read more than once, and in any order. */
export interface DemoDay {
  /** `YYYY-MM-DD` */
  readonly date: string;
  readonly chat: Iterable<string>;
  readonly tool: Iterable<string>;
}

const salts = { late: 41, later: 42, again: 43 };

/** Generates the demonstration's records by day of delivery; equal options give equal lines. Memory is that of about two days. Throws InputError. */
export function* demoDays(options: DemoOptions): Generator<DemoDay> {
  const { days = 75, messages = demoMessages, seed = 2023 } = options;
  const demo = sizeDemo({
    seed,
    days: whole('days', days, 1000),
    messages: whole('messages', messages, 1e9),
    firstDay: epochDay(options.endsOn) - days + 1,
  });
  const lines = new Lines(demo, readTrace());
  const waiting = { chat: new Waiting(), tool: new Waiting() };

  let next: Plan | undefined = planAndDefer(0);
  while (next !== undefined) {
    const plan: Plan = next;
    // One day ahead, because a tool call can lie on the day before its message.
    next = plan.day + 1 < days ? planAndDefer(plan.day + 1) : undefined;
    const waited = { chat: waiting.chat.take(plan.day), tool: waiting.tool.take(plan.day) };
    yield {
      date: dateText(plan.epochDay),
      chat: { [Symbol.iterator]: () => interleave(punctualChat(plan), waited.chat, plan.count) },
      tool: { [Symbol.iterator]: () => interleave(punctualTool(plan), waited.tool, plan.count * 0.4) },
    };
  }

  function planAndDefer(day: number): Plan {
    const plan = planDay(demo, day);
    for (let message = 0; message < plan.count; message++) {
      const late = lateness(message, plan);
      const again = repetition(message, plan);
      if (late > 0) waiting.chat.add(day + late, lines.chat(plan, message));
      if (again >= 0) waiting.chat.add(day + late + again, lines.chat(plan, message));
      for (const call of lines.calls(plan, message)) {
        const own = day + Math.floor(call.at / 86_400_000);
        // Calls from before the first day would open a day of their own.
        if (own < 0) continue;
        const key = ~(message * 4 + call.ordinal);
        const late = lateness(key, plan);
        const again = repetition(key, plan);
        if (own !== day || late > 0) waiting.tool.add(own + late, lines.tool(plan, message, call));
        if (again >= 0) waiting.tool.add(own + late + again, lines.tool(plan, message, call));
      }
    }
    return plan;
  }

  function* punctualChat(plan: Plan): Generator<string> {
    for (let message = 0; message < plan.count; message++) {
      if (lateness(message, plan) === 0) yield lines.chat(plan, message);
    }
  }

  function* punctualTool(plan: Plan): Generator<string> {
    for (let message = 0; message < plan.count; message++) {
      for (const call of lines.calls(plan, message)) {
        if (Math.floor(call.at / 86_400_000) !== 0 || lateness(~(message * 4 + call.ordinal), plan) > 0) continue;
        yield lines.tool(plan, message, call);
      }
    }
  }

  /** Days between a record's day and its first delivery: 1 to 3 for 0.9 % of all records, 4 to 6 (beyond the usual look-back) for 0.1 %. */
  function lateness(record: number, plan: Plan): number {
    const drawn = fraction(seed, salts.late, plan.epochDay, record);
    if (drawn >= 0.01) return 0;
    return (drawn < 0.001 ? 4 : 1) + Math.floor(fraction(seed, salts.later, plan.epochDay, record) * 3);
  }

  /** Days between a record's first and second delivery, for 1 % of them; -1 for all others. */
  function repetition(record: number, plan: Plan): number {
    const drawn = fraction(seed, salts.again, plan.epochDay, record) / 0.01;
    if (drawn >= 1) return -1;
    if (drawn < 0.6) return 0;
    return drawn < 0.95 ? 1 + Math.floor(((drawn - 0.6) / 0.35) * 3) : 4 + Math.floor(((drawn - 0.95) / 0.05) * 3);
  }
}

/** Lines that are delivered on another day than their own, or once more. */
class Waiting {
  readonly #byDay = new Map<number, string[]>();

  add(day: number, line: string): void {
    const lines = this.#byDay.get(day);
    if (lines === undefined) this.#byDay.set(day, [line]);
    else lines.push(line);
  }

  take(day: number): readonly string[] {
    const lines = this.#byDay.get(day) ?? [];
    this.#byDay.delete(day);
    return lines;
  }
}

/** Spreads the second lines evenly among about `count` first ones. */
function* interleave(first: Iterable<string>, second: readonly string[], count: number): Generator<string> {
  const every = Math.max(1, Math.floor(count / (second.length + 1)));
  let seen = 0;
  let given = 0;
  for (const line of first) {
    yield line;
    seen += 1;
    const due = seen % every === 0 ? second[given] : undefined;
    if (due === undefined) continue;
    yield due;
    given += 1;
  }
  yield* second.slice(given);
}

function epochDay(date: string): number {
  const instant = /^\d{4}-\d{2}-\d{2}$/.test(date) ? Date.parse(`${date}T00:00:00Z`) : Number.NaN;
  if (Number.isNaN(instant) || dateText(instant / 86_400_000) !== date) {
    throw new InputError(`The demonstration cannot end on "${date}": give a calendar date as YYYY-MM-DD.`);
  }
  return instant / 86_400_000;
}

function whole(name: string, value: number, most: number): number {
  if (Number.isInteger(value) && value >= 1 && value <= most) return value;
  throw new InputError(`The demonstration's ${name} cannot be ${value}: give a whole number from 1 to ${most}.`);
}

import { breakChat, breakTool } from './faults.ts';
import { uuid } from './ids.ts';
import type { Demo, Plan } from './plan.ts';
import { answerAt, statusAt, toolAt } from './product.ts';
import { fraction, hash, Random } from './random.ts';
import type { TokenPairs } from './trace.ts';

const salts = { chat: 31, tool: 32, line: 33, call: 34, calls: 35, answer: 36, broken: 37 };
const brokenShare = 0.001;

const subjects = [
  'tides',
  'sourdough',
  'compilers',
  'contract law',
  'a \\"simple\\" budget',
  'bee-keeping',
  'Spanish verbs',
  'travel plans',
];
const tasks = [
  'Explain',
  'Summarise',
  'Check',
  'Translate',
  'Draft a note on',
  'List facts about',
  'Compare views on',
  'Erkläre kurz:',
];

/** A tool call of a message: its place among them and its instant in milliseconds since the midnight of the message's day. */
export interface Call {
  readonly ordinal: number;
  readonly at: number;
}

/** Writes the records of a demonstration as NDJSON lines without line ends. The same message always gives the same line. */
export class Lines {
  readonly #demo: Demo;
  readonly #trace: { readonly conversation: TokenPairs; readonly code: TokenPairs };
  readonly #random = new Random();

  constructor(demo: Demo, trace: { readonly conversation: TokenPairs; readonly code: TokenPairs }) {
    this.#demo = demo;
    this.#trace = trace;
  }

  chat(plan: Plan, message: number): string {
    const { seed } = this.#demo;
    const random = this.#random.restart(hash(seed, salts.line, plan.epochDay, message));
    const session = plan.session(message);
    const { model } = session;
    const status = statusAt(random.next());
    const pairs = this.#trace[model.trace];
    const pair = random.integer(pairs.count);
    const prompt = pairs.prompt(pair);
    const completion = status === 'ok' || status === 'cancelled' ? pairs.completion(pair) : 0;
    const input = prompt * model.perPromptToken;
    const output = completion * model.perCompletionToken;
    const request = status === 'error' ? 0 : model.perRequest;
    const odd = random.next();
    const line =
      `{"chat_id":"${this.#chatId(plan, message)}",${session.who},` +
      `"timestamp":${timestamp(plan.epochDay, plan.at(message), random.next(), session.offset)},` +
      `${dayField(plan.epochDay, random.next())}"user_original_query":"[synthetic] ${text(random)}","model":"${model.name}",` +
      `"prompt_tokens":${tokens(prompt, random.next())},"completion_tokens":${tokens(completion, random.next())},` +
      `${odd < 0.02 ? '' : odd < 0.03 ? '"total_tokens":null,' : `"total_tokens":${prompt + completion},`}` +
      `"input_tokens_cost":${dollars(input)}${odd > 0.98 ? fineDigits(random) : ''},"output_tokens_cost":${dollars(output)},` +
      `"request_cost":${dollars(request)},` +
      `${odd > 0.03 && odd < 0.05 ? '' : `"total_cost":${odd > 0.05 && odd < 0.06 ? 'null' : dollars(input + output + request)},`}` +
      `${session.client}"res_status":"${status}"${this.#answerField(plan, message, model.trace)}}`;
    const broken = fraction(seed, salts.broken, plan.epochDay, message);
    return broken < brokenShare ? breakChat(line, broken / brokenShare, plan.epochDay) : line;
  }

  tool(plan: Plan, message: number, call: Call): string {
    const { seed } = this.#demo;
    const key = message * 4 + call.ordinal;
    const random = this.#random.restart(hash(seed, salts.call, plan.epochDay, key));
    const epochDay = plan.epochDay + Math.floor(call.at / 86_400_000);
    const tool = toolAt(random.next());
    const line =
      `{"reasoning_steps_id":"${uuid(hash(seed, salts.tool), plan.epochDay, key)}","chat_id":"${this.#chatId(plan, message)}",` +
      `"user_id":"${plan.session(message).userId}",` +
      `"timestamp":${timestamp(epochDay, (call.at + 86_400_000) % 86_400_000, random.next(), 0)},${dayField(epochDay, random.next())}` +
      `"thought":"[synthetic] The answer needs ${tool}: ${text(random)}"${toolField(tool, random.next())}}`;
    const broken = fraction(seed, salts.broken, plan.epochDay, ~key);
    return broken < brokenShare ? breakTool(line, broken / brokenShare, plan.epochDay) : line;
  }

  /** A message's tool calls: none for two thirds of them, else one to three. */
  calls(plan: Plan, message: number): readonly Call[] {
    const { seed } = this.#demo;
    const drawn = fraction(seed, salts.calls, plan.epochDay, message);
    if (drawn > 0.33) return none;
    const random = this.#random.restart(hash(seed, salts.calls, plan.epochDay, ~message));
    const count = drawn < 0.035 ? 3 : drawn < 0.1 ? 2 : 1;
    const report = this.#answer(plan, message) === 'report';
    let at = plan.at(message) - (report ? 60_000 + random.integer(1_200_000) : 0);
    const calls: Call[] = [];
    for (let ordinal = 0; ordinal < count; ordinal++) {
      // One in fifty is a long one: minutes instead of seconds after the message.
      at += 300 + Math.floor(random.exponential() * (random.next() < 0.02 && !report ? 600_000 : 6_000));
      calls.push({ ordinal, at });
    }
    return calls;
  }

  #chatId(plan: Plan, message: number): string {
    return uuid(hash(this.#demo.seed, salts.chat), plan.epochDay, message);
  }

  #answer(plan: Plan, message: number): string {
    return answerAt(fraction(this.#demo.seed, salts.answer, plan.epochDay, message));
  }

  #answerField(plan: Plan, message: number, trace: 'conversation' | 'code'): string {
    const answer = this.#answer(plan, message);
    if (fraction(this.#demo.seed, salts.answer, plan.epochDay, ~message) < 0.004) return '';
    return `,"res_type":"${answer === 'text' && trace === 'code' ? 'code' : answer}"`;
  }
}

const none: readonly Call[] = [];

function text(random: Random): string {
  const task = tasks[random.integer(tasks.length)] ?? 'Explain';
  const subject = subjects[random.integer(subjects.length)] ?? 'tides';
  return `${task} ${subject}, variant ${random.integer(10_000)}.`;
}

function toolField(tool: string, odd: number): string {
  if (odd < 0.002) return '';
  if (odd < 0.003) return ',"tool_type":null';
  return `,"tool_type":"${tool}"`;
}

/** Billionths of a dollar as a JSON number of dollars, exactly. */
function dollars(billionths: number): string {
  const rest = billionths % 1e9;
  return `${(billionths - rest) / 1e9}.${String(1e9 + rest).slice(1)}`;
}

/** Digits after the ninth, as clients that multiply floats send them. */
function fineDigits(random: Random): string {
  return String(100 + random.integer(900));
}

function tokens(count: number, odd: number): string {
  if (odd < 0.002) return `"${count}"`;
  if (odd < 0.003) return `${count}.0`;
  return String(count);
}

const twoDigits = Array.from({ length: 60 }, (_, n) => String(n).padStart(2, '0'));
const threeDigits = Array.from({ length: 1000 }, (_, n) => String(n).padStart(3, '0'));

/** A JSON timestamp: mostly UTC with milliseconds, now and then the client's own offset, or epoch milliseconds. */
function timestamp(epochDay: number, at: number, odd: number, offset: number): string {
  if (odd < 0.004) return String(epochDay * 86_400_000 + at);
  if (odd < 0.005) return `"${epochDay * 86_400_000 + at}"`;
  if (odd < 0.04) return `"${local(epochDay * 86_400_000 + at, offset)}"`;
  const seconds = Math.floor(at / 1000);
  const minutes = Math.floor(seconds / 60);
  return `"${dateText(epochDay)}T${twoDigits[Math.floor(minutes / 60)]}:${twoDigits[minutes % 60]}:${twoDigits[seconds % 60]}.${threeDigits[at % 1000]}Z"`;
}

function local(instant: number, offset: number): string {
  const clock = new Date(instant + offset * 60_000).toISOString().slice(0, -1);
  const distance = Math.abs(offset);
  return `${clock}${offset < 0 ? '-' : '+'}${twoDigits[Math.floor(distance / 60)]}:${twoDigits[distance % 60]}`;
}

function dayField(epochDay: number, odd: number): string {
  return odd < 0.006 ? '' : `"dt":"${dateText(epochDay)}",`;
}

const dates = new Map<number, string>();

/** `YYYY-MM-DD` of a day counted from 1970-01-01. */
export function dateText(epochDay: number): string {
  const known = dates.get(epochDay);
  if (known !== undefined) return known;
  const date = new Date(epochDay * 86_400_000).toISOString().slice(0, 10);
  dates.set(epochDay, date);
  return date;
}

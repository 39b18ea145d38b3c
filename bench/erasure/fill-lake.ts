import { createHash } from 'node:crypto';
import { addDays } from '../../core/window.ts';

/** How large the lake is, and who comes to it. */
export interface LakeSize {
  /** Its first day; all have ended. */
  readonly firstDay: string;
  readonly days: number;
  /** Messages and tool calls of a day together. */
  readonly eventsPerDay: number;
}

/** People who come on a day, few of them often; a day later the first of them are others, so that each comes on about seven days. */
const peoplePerDay = 20_000;
const newPeoplePerDay = 3_000;
const messagesShare = 0.7;

/** People who come at all. */
export function peopleOf({ days }: LakeSize): number {
  return days * newPeoplePerDay + peoplePerDay;
}

/** The id of the n-th person, as the engine makes it. */
export function personId(n: number): string {
  return createHash('md5').update(`person-${n}`).digest('hex');
}

/** The statements that fill the days of both bronze tables, in Trino's dialect; each writes one day. */
export function fillStatements(size: LakeSize): string[] {
  return Array.from({ length: size.days }, (_, day) => day).flatMap((day) => [
    chatOfDay(size, day),
    toolsOfDay(size, day),
  ]);
}

function chatOfDay(size: LakeSize, day: number): string {
  const dt = `date '${addDays(size.firstDay, day)}'`;
  return `insert into bronze_chat_events (chat_id, user_id, room_id, "timestamp", dt, model, prompt_tokens, completion_tokens, total_tokens,
      input_tokens_cost, output_tokens_cost, request_cost, total_cost, country, platform, si_version, device, res_status, res_type)
    select ${id(`'chat-${day}-' || cast(n as varchar)`)}, ${id(person(day))}, ${id(`'room-' || cast(n / 7 as varchar)`)},
      cast(${dt} as timestamp(6)) + (n % 86400) * interval '1' second, ${dt},
      'model-' || cast(n % 5 as varchar), n % 4096, n % 1021, n % 4096 + n % 1021,
      decimal '0.000100000' * (n % 97), decimal '0.000300000' * (n % 89), decimal '0.000010000', decimal '0.001000000' * (n % 101),
      element_at(array['US', 'IN', 'GB', 'DE', 'JP'], n % 5 + 1), element_at(array['web', 'ios', 'android'], n % 3 + 1),
      '5.50.' || cast(n % 10 as varchar), 'Windows PC', 'ok', 'text'
    from ${numbers(size.eventsPerDay * messagesShare, day)}`;
}

function toolsOfDay(size: LakeSize, day: number): string {
  const dt = `date '${addDays(size.firstDay, day)}'`;
  return `insert into bronze_tool_calls (reasoning_steps_id, chat_id, user_id, "timestamp", dt, tool_type)
    select ${id(`'step-${day}-' || cast(n as varchar)`)}, ${id(`'chat-${day}-' || cast(n as varchar)`)}, ${id(person(day))},
      cast(${dt} as timestamp(6)) + (n % 86400) * interval '1' second, ${dt}, 'web_search'
    from ${numbers(size.eventsPerDay * (1 - messagesShare), day)}`;
}

const id = (text: string) => `lower(to_hex(md5(to_utf8(${text}))))`;

const person = (day: number) =>
  `'person-' || cast(${day * newPeoplePerDay} + cast(floor(${peoplePerDay} * r * r * r) as bigint) as varchar)`;

/** The whole numbers below `count` as `n`, each with a number `r` from 0 to 1 that looks drawn by chance. */
function numbers(count: number, day: number): string {
  // A sequence ends at 10,000.
  const thousands = Math.ceil(count / 1_000) - 1;
  return `(select n, abs(from_big_endian_64(xxhash64(to_utf8('${day}-' || cast(n as varchar)))) % 1000003) / 1000003e0 as r
    from (select 1000 * a + b as n from unnest(sequence(0, ${thousands})) as s(a), unnest(sequence(0, 999)) as t(b)) where n < ${Math.round(count)})`;
}

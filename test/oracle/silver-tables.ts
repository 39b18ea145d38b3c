import { decimalText } from './decimal.ts';
import { dimensions, usersByValue } from './dimensions.ts';
import { distinct, groupBy, sum } from './group.ts';
import type { Row, Tables } from './row.ts';
import type { Message, ToolCall } from './silver.ts';

/** The six silver tables, made from the cleaned messages and tool calls of the days that are built. */
export function silverTables(messages: readonly Message[], toolCalls: readonly ToolCall[]): Tables {
  return {
    silver_messages: messages.map(messageRow),
    silver_tool_calls: toolCalls.map((call) => ({ ...call })),
    silver_user_daily: perDayAndPlatform(messages, (message) => message.user_id, userRow),
    silver_room_daily: perDayAndPlatform(messages, (message) => message.room_id, roomRow),
    silver_tool_daily: perDayAndPlatform(toolCalls, (call) => call.tool_type, toolRow),
    silver_active_user_breakdown_daily: perDayAndPlatform(messages, () => '', breakdownRows),
  };
}

/** Rows of each day, platform and key. */
function perDayAndPlatform<T extends { readonly dt: string; readonly platform: string }>(
  items: readonly T[],
  keyOf: (item: T) => string,
  rowsOf: (items: readonly T[], key: string) => Row[],
): Row[] {
  const groups = groupBy(items, (item) => JSON.stringify([item.dt, item.platform, keyOf(item)]));
  return [...groups.values()].flatMap((group) =>
    group
      .slice(0, 1)
      .flatMap((first) =>
        rowsOf(group, keyOf(first)).map((row) => ({ dt: first.dt, platform: first.platform, ...row })),
      ),
  );
}

function messageRow(message: Message): Row {
  return {
    ...message,
    input_tokens_cost: decimalText(message.input_tokens_cost),
    output_tokens_cost: decimalText(message.output_tokens_cost),
    request_cost: decimalText(message.request_cost),
    total_cost: decimalText(message.total_cost),
  };
}

function userRow(messages: readonly Message[], user: string): Row[] {
  return [
    {
      user_id: user,
      messages_cnt: BigInt(messages.length),
      rooms_cnt: BigInt(distinct(messages, (message) => message.room_id)),
      ...tokenSums(messages),
      ...costSums(messages),
    },
  ];
}

function roomRow(messages: readonly Message[], room: string): Row[] {
  const cost = sum(messages, (message) => message.total_cost);
  return [
    { room_id: room, messages_cnt: BigInt(messages.length), ...tokenSums(messages), total_cost: decimalText(cost) },
  ];
}

function toolRow(calls: readonly ToolCall[], tool: string): Row[] {
  return [
    { tool_type: tool, calls_cnt: BigInt(calls.length), users_cnt: BigInt(distinct(calls, (call) => call.user_id)) },
  ];
}

function breakdownRows(messages: readonly Message[]): Row[] {
  return Object.entries(dimensions).flatMap(([dimension, pick]) =>
    [...usersByValue(messages, pick)].map(([value, users]) => ({
      dimension,
      dimension_value: value,
      active_users: BigInt(users.size),
    })),
  );
}

/** Tokens of all messages, under the names that the sums have. They go as far as 64 bits do. */
export function tokenSums(messages: readonly Message[]) {
  const within64Bits = (tokens: bigint) => (tokens > 2n ** 63n - 1n ? 2n ** 63n - 1n : tokens);
  return {
    input_tokens: within64Bits(sum(messages, (message) => message.prompt_tokens)),
    output_tokens: within64Bits(sum(messages, (message) => message.completion_tokens)),
    total_tokens: within64Bits(sum(messages, (message) => message.total_tokens)),
  };
}

/** Costs of all messages as decimal texts. */
export function costSums(messages: readonly Message[]) {
  return {
    input_tokens_cost: decimalText(sum(messages, (message) => message.input_tokens_cost)),
    output_tokens_cost: decimalText(sum(messages, (message) => message.output_tokens_cost)),
    request_cost: decimalText(sum(messages, (message) => message.request_cost)),
    total_cost: decimalText(sum(messages, (message) => message.total_cost)),
  };
}

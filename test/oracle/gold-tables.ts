import { type Buckets, bucketOrder, bucketsOf } from './buckets.ts';
import { type Period, periodsOf } from './days.ts';
import { dimensions, usersByValue } from './dimensions.ts';
import { distinct, groupBy, sum } from './group.ts';
import type { Row, Tables } from './row.ts';
import type { Message, ToolCall } from './silver.ts';
import { costSums, tokenSums } from './silver-tables.ts';

export interface GoldSettings {
  readonly weekStart: 'monday' | 'sunday';
  readonly minimumUsersPerCell: number;
  /** First day that is built. A period that begins before it and reaches it is built too. */
  readonly from: string;
  /** Last day that is built: only periods that ended by it are. */
  readonly through: string;
}

/** The five gold tables of figures, with every period that ended by `through` and did not end before `from`. */
export function goldTables(
  messages: readonly Message[],
  toolCalls: readonly ToolCall[],
  settings: GoldSettings,
): Tables {
  const ofMessages = (rowsOf: (messages: readonly Message[], period: Period) => Row[]) =>
    perPeriodAndPlatform(messages, settings, rowsOf);
  return {
    gold_time_series: ofMessages(timeSeriesRow),
    gold_bucket_distribution: ofMessages(bucketRows),
    gold_active_user_breakdown: ofMessages((group) => breakdownRows(group, settings.minimumUsersPerCell)),
    gold_tool_call_breakdown: perPeriodAndPlatform(toolCalls, settings, toolRows),
    gold_model_breakdown: ofMessages(modelRows),
  };
}

/** Rows of each period under each platform, and under `All`, which takes every item once. */
function perPeriodAndPlatform<T extends { readonly dt: string; readonly platform: string }>(
  items: readonly T[],
  settings: GoldSettings,
  rowsOf: (items: readonly T[], period: Period) => Row[],
): Row[] {
  const days = [...groupBy(items, (item) => item.dt)];
  const dated = days.flatMap(([day, ofDay]) => builtPeriods(day, settings).map((period) => ({ period, ofDay })));
  const periods = groupBy(dated, ({ period }) => `${period.grain} ${period.start}`);
  return [...periods.values()].flatMap((parts) => {
    const inPeriod = parts.flatMap((part) => part.ofDay);
    const platforms = new Map([...groupBy(inPeriod, (item) => item.platform), ['All', inPeriod]]);
    return parts
      .slice(0, 1)
      .flatMap(({ period }) =>
        [...platforms].flatMap(([platform, group]) =>
          rowsOf(group, period).map((row) => ({ grain: period.grain, period_start: period.start, platform, ...row })),
        ),
      );
  });
}

function builtPeriods(day: string, settings: GoldSettings): Period[] {
  const { from, through, weekStart } = settings;
  return periodsOf(day, weekStart).filter((period) => period.end <= through && period.end >= from);
}

function timeSeriesRow(messages: readonly Message[]): Row[] {
  const users = [...groupBy(messages, (message) => message.user_id).values()];
  const rooms = distinct(messages, (message) => message.room_id);
  const roomsOfUsers = users.map((ofUser) => distinct(ofUser, (message) => message.room_id));
  const tokens = tokenSums(messages);
  const costs = costSums(messages);
  return [
    {
      active_users: BigInt(users.length),
      messages_cnt: BigInt(messages.length),
      rooms_cnt: BigInt(rooms),
      ...tokens,
      ...costs,
      cost_per_user: Number(costs.total_cost) / users.length,
      tokens_per_user: Number(tokens.total_tokens) / users.length,
      rooms_per_user: roomsOfUsers.reduce((total, count) => total + count, 0) / users.length,
      messages_per_user: messages.length / users.length,
      messages_per_room: messages.length / rooms,
      tokens_per_message: Number(tokens.total_tokens) / messages.length,
    },
  ];
}

function bucketRows(messages: readonly Message[], period: Period): Row[] {
  return bucketsOf[period.grain].flatMap((buckets) => {
    const orders = valuesOf(buckets, messages).map((value) => bucketOrder(buckets, value));
    const counts = groupBy(orders, (order) => order);
    return buckets.labels.map((label, index) => ({
      metric_name: buckets.metric,
      entity: buckets.entity,
      bucket_order: BigInt(index + 1),
      bucket_label: label,
      entity_cnt: BigInt(counts.get(index + 1)?.length ?? 0),
    }));
  });
}

/** One value for each user, room or message. */
function valuesOf({ metric, entity }: Buckets, messages: readonly Message[]): bigint[] {
  if (entity === 'MESSAGE') return messages.map((message) => message.total_tokens);
  const entities = groupBy(messages, (message) => (entity === 'USER' ? message.user_id : message.room_id));
  return [...entities.values()].map((ofEntity) => {
    if (metric === 'COST') return sum(ofEntity, (message) => message.total_cost);
    if (metric === 'TOKENS') return sum(ofEntity, (message) => message.total_tokens);
    if (metric === 'ROOMS') return BigInt(distinct(ofEntity, (message) => message.room_id));
    return BigInt(ofEntity.length);
  });
}

function breakdownRows(messages: readonly Message[], minimum: number): Row[] {
  return Object.entries(dimensions).flatMap(([dimension, pick]) => {
    const cells = [...usersByValue(messages, pick)];
    const kept = cells.filter(([value, users]) => value !== 'OTHER' && users.size >= minimum);
    const merged = cells.filter(([value, users]) => value === 'OTHER' || users.size < minimum);
    const others = new Set(merged.flatMap(([, users]) => [...users]));
    const shown: [string, Set<string>][] =
      others.size > 0 && others.size >= minimum ? [...kept, ['OTHER', others]] : kept;
    return shown.map(([value, users]) => ({
      dimension,
      dimension_value: value,
      active_users: BigInt(users.size),
    }));
  });
}

function toolRows(toolCalls: readonly ToolCall[]): Row[] {
  return [...groupBy(toolCalls, (call) => call.tool_type)].map(([tool, calls]) => ({
    tool_type: tool,
    calls_cnt: BigInt(calls.length),
    users_cnt: BigInt(distinct(calls, (call) => call.user_id)),
  }));
}

function modelRows(messages: readonly Message[]): Row[] {
  return [...groupBy(messages, (message) => message.model ?? 'Unknown')].map(([model, answered]) => ({
    model,
    messages_cnt: BigInt(answered.length),
    ...tokenSums(answered),
    total_cost: costSums(answered).total_cost,
  }));
}

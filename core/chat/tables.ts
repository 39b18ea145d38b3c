import { type Column, columnOf, defineTable, type Table } from '../catalogue/table.ts';
import { mostDaysOff, type Topic, type TopicField } from '../catalogue/topic.ts';
import { chatTopic, toolTopic } from './topics.ts';

const typeOf = { text: 'string', tokens: 'bigint', cost: 'decimal(18,9)', instant: 'timestamp', day: 'date' } as const;

function columnsOf<const T extends Topic>(topic: T) {
  return topic.fields.map((field: TopicField): Column & { name: T['fields'][number]['name'] } => {
    const { name, kind, description, identifies } = field;
    return { name, type: typeOf[kind], description, ...(identifies === undefined ? {} : { identifies }) };
  });
}

const byDay = [{ transform: 'identity', column: 'dt' }] as const;
const byPeriodGrain = [{ transform: 'identity', column: 'grain' }] as const;

const dt = { name: 'dt', type: 'date', description: 'The day, UTC.' } as const;
const platform = {
  name: 'platform',
  type: 'string',
  description: 'Client platform; `Unknown` where nobody said.',
} as const;
const goldPlatform = {
  name: 'platform',
  type: 'string',
  description: 'Client platform, or `All`: everybody once, whatever their platforms.',
} as const;
const derived = { onErasure: 'recompute' } as const;

/** The two columns that every gold table begins with. */
const period = [
  { name: 'grain', type: 'string', description: '`DAILY`, `WEEKLY` or `MONTHLY`.' },
  { name: 'period_start', type: 'date', description: 'First day of the period.' },
] as const;

function count<const N extends string>(name: N, description: string) {
  return { name, type: 'bigint', description } as const;
}
function usd<const N extends string>(name: N, description: string) {
  return { name, type: 'decimal(38,9)', description: `${description}, USD.` } as const;
}
function average<const N extends string>(name: N, description: string) {
  return { name, type: 'double', description } as const;
}

const tokenSums = [
  count('input_tokens', 'Tokens that models read.'),
  count('output_tokens', 'Tokens that models wrote.'),
  count('total_tokens', 'Tokens in all, as the records state them.'),
] as const;

const costSums = [
  usd('input_tokens_cost', 'Price of the tokens read'),
  usd('output_tokens_cost', 'Price of the tokens written'),
  usd('request_cost', 'Price of the requests themselves'),
  usd('total_cost', 'Price in all, as the records state it'),
] as const;

/** Every chat message as it was delivered, as often as it was delivered. */
export const bronzeChatEvents = defineTable({
  name: 'bronze_chat_events',
  layer: 'bronze',
  description: 'Chat messages as delivered, repeats included, without any free text.',
  grain: [],
  columns: columnsOf(chatTopic),
  eventTime: 'dt',
  mostDaysOff,
  partition: byDay,
  retention: 'days',
});

export const bronzeToolCalls = defineTable({
  name: 'bronze_tool_calls',
  layer: 'bronze',
  description: 'Tool calls as delivered, repeats included, without any free text.',
  grain: [],
  columns: columnsOf(toolTopic),
  eventTime: 'dt',
  mostDaysOff,
  partition: byDay,
  retention: 'days',
});

export const bronzeRejectedRecords = defineTable({
  name: 'bronze_rejected_records',
  layer: 'bronze',
  description:
    'Where each record that may not enter bronze can be found again, and why it may not; never a value of it.',
  grain: ['topic', 'partition', 'offset'],
  columns: [
    { name: 'topic', type: 'string', description: 'Kafka topic, or the name of the file.' },
    { name: 'partition', type: 'bigint', description: 'Kafka partition; 0 for a file.' },
    { name: 'offset', type: 'bigint', description: 'Kafka offset, or the line of the file.' },
    { name: 'dt', type: 'date', description: 'The day it arrived, UTC.' },
    { name: 'ingested_at', type: 'timestamp', description: 'When it arrived, UTC.' },
    { name: 'field', type: 'string', description: 'The field that was wrong; null when the record is no JSON object.' },
    { name: 'reason', type: 'string', description: 'What was wrong, one of a closed list.' },
  ],
  eventTime: 'dt',
  partition: byDay,
  retention: 'days',
});

/** The cleaned facts: bronze is read for these two, and by nothing else. */
export const silverMessages = defineTable({
  name: 'silver_messages',
  layer: 'silver',
  description: 'Each chat message once, cleaned: absent numbers are 0, absent values `Unknown`.',
  grain: ['chat_id'],
  columns: [
    ...columnsOf(chatTopic),
    { name: 'region', type: 'string', description: 'UN M49 region of the country, or `Unknown`.' },
  ],
  eventTime: 'dt',
  mostDaysOff,
  partition: byDay,
  retention: 'days',
});

export const silverToolCalls = defineTable({
  name: 'silver_tool_calls',
  layer: 'silver',
  description: 'Each tool call once, with the platform of its chat.',
  grain: ['reasoning_steps_id'],
  columns: [
    columnOf(bronzeToolCalls, 'reasoning_steps_id'),
    columnOf(bronzeToolCalls, 'chat_id'),
    columnOf(bronzeToolCalls, 'user_id'),
    columnOf(bronzeToolCalls, 'timestamp'),
    dt,
    {
      name: 'platform',
      type: 'string',
      description: 'Platform of the chat it was made for; `Unknown` while that chat is not there.',
    },
    { name: 'tool_type', type: 'string', description: 'Kind of the tool.' },
  ],
  eventTime: 'dt',
  mostDaysOff,
  partition: byDay,
  retention: 'days',
});

export const silverUserDaily = defineTable({
  name: 'silver_user_daily',
  layer: 'silver',
  description: 'What each user did on each platform on each day.',
  grain: ['dt', 'platform', 'user_id'],
  columns: [
    dt,
    platform,
    { name: 'user_id', type: 'string', description: 'The user.', identifies: { kind: 'user', ...derived } },
    count('messages_cnt', 'Messages.'),
    count('rooms_cnt', 'Distinct rooms.'),
    ...tokenSums,
    ...costSums,
  ],
  eventTime: 'dt',
  partition: byDay,
  retention: 'days',
});

export const silverRoomDaily = defineTable({
  name: 'silver_room_daily',
  layer: 'silver',
  description: 'What happened in each room on each platform on each day.',
  grain: ['dt', 'platform', 'room_id'],
  columns: [
    dt,
    platform,
    { name: 'room_id', type: 'string', description: 'The room.', identifies: { kind: 'room', ...derived } },
    count('messages_cnt', 'Messages.'),
    ...tokenSums,
    usd('total_cost', 'Price in all'),
  ],
  eventTime: 'dt',
  partition: byDay,
  retention: 'days',
});

export const silverToolDaily = defineTable({
  name: 'silver_tool_daily',
  layer: 'silver',
  description: 'Tool calls by platform and tool on each day; for its own display, nothing is made from it.',
  grain: ['dt', 'platform', 'tool_type'],
  columns: [
    dt,
    platform,
    { name: 'tool_type', type: 'string', description: 'Kind of the tool.' },
    count('calls_cnt', 'Tool calls.'),
    count('users_cnt', 'Distinct users of the calls.'),
  ],
  eventTime: 'dt',
  partition: byDay,
  retention: 'days',
});

export const silverActiveUserBreakdownDaily = defineTable({
  name: 'silver_active_user_breakdown_daily',
  layer: 'silver',
  description: 'Active users by platform and one dimension on each day; for its own display, nothing is made from it.',
  grain: ['dt', 'platform', 'dimension', 'dimension_value'],
  columns: [
    dt,
    platform,
    {
      name: 'dimension',
      type: 'string',
      description: 'COUNTRY, PLATFORM, REGION, SI_VERSION, DEVICE, RES_STATUS or RES_TYPE.',
    },
    { name: 'dimension_value', type: 'string', description: 'The value, as it came (countries in upper case).' },
    count('active_users', 'Distinct users with that value.'),
  ],
  eventTime: 'dt',
  partition: byDay,
  retention: 'days',
});

export const goldTimeSeries = defineTable({
  name: 'gold_time_series',
  layer: 'gold',
  description: 'Users, rooms, messages, tokens and costs of each period, and their averages.',
  grain: ['grain', 'period_start', 'platform'],
  columns: [
    ...period,
    goldPlatform,
    count('active_users', 'Distinct users with at least one message.'),
    count('messages_cnt', 'Messages.'),
    count('rooms_cnt', 'Distinct rooms.'),
    ...tokenSums,
    ...costSums,
    average('cost_per_user', 'total_cost / active_users, USD.'),
    average('tokens_per_user', 'total_tokens / active_users.'),
    average('rooms_per_user', 'Mean over users of their distinct rooms.'),
    average('messages_per_user', 'messages_cnt / active_users.'),
    average('messages_per_room', 'messages_cnt / rooms_cnt.'),
    average('tokens_per_message', 'total_tokens / messages_cnt.'),
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldBucketDistribution = defineTable({
  name: 'gold_bucket_distribution',
  layer: 'gold',
  description: 'How many users, rooms or messages fall into each bucket of a figure.',
  grain: ['grain', 'period_start', 'platform', 'metric_name', 'entity', 'bucket_order'],
  columns: [
    ...period,
    goldPlatform,
    { name: 'metric_name', type: 'string', description: 'COST, TOKENS, ROOMS or MESSAGES.' },
    { name: 'entity', type: 'string', description: 'What is counted: USER, ROOM or MESSAGE.' },
    count('bucket_order', '1 to 9, smallest first.'),
    { name: 'bucket_label', type: 'string', description: 'The range, upper edge included.' },
    count('entity_cnt', 'Users, rooms or messages in it.'),
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldActiveUserBreakdown = defineTable({
  name: 'gold_active_user_breakdown',
  layer: 'gold',
  description: 'Active users by platform and one dimension; values with few users are merged into `OTHER`.',
  grain: ['grain', 'period_start', 'platform', 'dimension', 'dimension_value'],
  columns: [
    ...period,
    goldPlatform,
    columnOf(silverActiveUserBreakdownDaily, 'dimension'),
    {
      name: 'dimension_value',
      type: 'string',
      description: 'The value, or `OTHER` for all values with too few users.',
    },
    count('active_users', 'Distinct users with that value.'),
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldToolCallBreakdown = defineTable({
  name: 'gold_tool_call_breakdown',
  layer: 'gold',
  description: 'Tool calls and their users by platform and tool.',
  grain: ['grain', 'period_start', 'platform', 'tool_type'],
  columns: [
    ...period,
    goldPlatform,
    { name: 'tool_type', type: 'string', description: 'Kind of the tool.' },
    count('calls_cnt', 'Tool calls.'),
    count('users_cnt', 'Distinct users of the calls.'),
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldModelBreakdown = defineTable({
  name: 'gold_model_breakdown',
  layer: 'gold',
  description: 'Messages, tokens and costs by platform and model.',
  grain: ['grain', 'period_start', 'platform', 'model'],
  columns: [
    ...period,
    goldPlatform,
    { name: 'model', type: 'string', description: 'Model that answered; `Unknown` where nobody said.' },
    count('messages_cnt', 'Messages.'),
    ...tokenSums,
    usd('total_cost', 'Price in all, as the records state it'),
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldPeriodStatus = defineTable({
  name: 'gold_period_status',
  layer: 'gold',
  description: 'How far each period can be trusted to stay as it is.',
  grain: ['grain', 'period_start'],
  columns: [
    ...period,
    {
      name: 'state',
      type: 'string',
      description: '`provisional`: late events may still change it; `final`: nothing does.',
    },
    { name: 'built_at', type: 'timestamp', description: 'When it was last built, UTC.' },
    { name: 'complete_through', type: 'date', description: 'Last day of the period whose silver was built then.' },
  ],
  eventTime: 'period_start',
  periodGrain: 'grain',
  partition: byPeriodGrain,
  retention: 'forever',
});

export const goldDataQuality = defineTable({
  name: 'gold_data_quality',
  layer: 'gold',
  description: 'What the data of each day looks like beside that of the days before, and whether that is worth a look.',
  grain: ['dt', 'check_name', 'subject', 'dimension_value'],
  columns: [
    dt,
    {
      name: 'check_name',
      type: 'string',
      description:
        '`freshness` (hours), `volume` (records), `rejected` (records by reason), `duplicates`, `late`, `rejected share`, `unknown share` (0 to 1), `new value` (users of a country or platform new in 28 days) or `cost per 1,000 tokens` (USD, beside seven days).',
    },
    { name: 'subject', type: 'string', description: 'The table or the dimension that was looked at.' },
    { name: 'dimension_value', type: 'string', description: 'The reason, dimension or value within it; else empty.' },
    average('value', 'What was found.'),
    average('expected', 'What was usual; null where nothing is yet, or nothing is compared.'),
    {
      name: 'severity',
      type: 'string',
      description: '`ok`, `warning` or `failure`, by the thresholds under `quality`.',
    },
  ],
  eventTime: 'dt',
  partition: [{ transform: 'month', column: 'dt' }],
  retention: 'forever',
});

/** All tables of the chat pipeline, in the order in which data flows. */
export const chatTables: readonly Table[] = [
  bronzeChatEvents,
  bronzeToolCalls,
  bronzeRejectedRecords,
  silverMessages,
  silverToolCalls,
  silverUserDaily,
  silverRoomDaily,
  silverToolDaily,
  silverActiveUserBreakdownDaily,
  goldTimeSeries,
  goldBucketDistribution,
  goldActiveUserBreakdown,
  goldToolCallBreakdown,
  goldModelBreakdown,
  goldDataQuality,
  goldPeriodStatus,
];

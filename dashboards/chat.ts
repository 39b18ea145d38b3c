import {
  goldActiveUserBreakdown,
  goldBucketDistribution,
  goldDataQuality,
  goldModelBreakdown,
  goldPeriodStatus,
  goldTimeSeries,
  goldToolCallBreakdown,
} from '../core/chat/tables.ts';
import { type Chart, chart, type Dashboard, type Format } from './chart.ts';

type SeriesColumn = (typeof goldTimeSeries)['columns'][number]['name'];

/** What the figures of one column are called and mean. Every chart of the column says the same. */
interface Figure {
  readonly column: SeriesColumn;
  readonly label: string;
  readonly meaning: string;
  readonly format: Format;
}

const distinct = 'On a platform it counts who used that platform; All counts everybody once.';

const activeUsers: Figure = {
  column: 'active_users',
  label: 'Active users',
  meaning: `Distinct people with at least one chat message in the period, whatever the response. ${distinct}`,
  format: 'count',
};
const messages: Figure = {
  column: 'messages_cnt',
  label: 'Messages',
  meaning: 'Chat messages in the period, repeated deliveries counted once.',
  format: 'count',
};
const rooms: Figure = {
  column: 'rooms_cnt',
  label: 'Rooms',
  meaning: `Distinct rooms with at least one message in the period. All counts a room used on two platforms once.`,
  format: 'count',
};
const tokens: Figure = {
  column: 'total_tokens',
  label: 'Tokens',
  meaning: 'Tokens that models read and wrote, as the records state the total; input + output where they do not.',
  format: 'count',
};
const cost: Figure = {
  column: 'total_cost',
  label: 'Cost',
  meaning: 'Price of all requests in USD, as the records state the total; request + input + output where they do not.',
  format: 'usd',
};
const costPerUser: Figure = {
  column: 'cost_per_user',
  label: 'Cost per user',
  meaning: "The period's total cost in USD divided by its active users.",
  format: 'usd',
};

const averages: readonly Figure[] = [
  costPerUser,
  {
    column: 'tokens_per_user',
    label: 'Tokens per user',
    meaning: "The period's total tokens divided by its active users.",
    format: 'average',
  },
  {
    column: 'rooms_per_user',
    label: 'Rooms per user',
    meaning:
      'In how many distinct rooms a user wrote, averaged over the active users. A shared room counts for each of them.',
    format: 'average',
  },
  {
    column: 'messages_per_user',
    label: 'Messages per user',
    meaning: "The period's messages divided by its active users.",
    format: 'average',
  },
  {
    column: 'messages_per_room',
    label: 'Messages per room',
    meaning: "The period's messages divided by the rooms they were written in.",
    format: 'average',
  },
  {
    column: 'tokens_per_message',
    label: 'Tokens per message',
    meaning: "The period's total tokens divided by its messages.",
    format: 'average',
  },
];

const slug = (text: string) => text.toLowerCase().replaceAll(/[^a-z0-9]+/g, '-');

function keyFigure({ column, label, meaning, format }: Figure): Chart {
  return chart(goldTimeSeries, {
    id: `latest-${slug(label)}`,
    title: label,
    description: `${meaning} Shown for the latest period, with the change against the one before.`,
    kind: 'figure',
    axis: 'period',
    measures: [{ column, aggregate: 'only', label, format }],
    grain: 'chosen',
    platforms: 'one',
    width: 2,
  });
}

function overTime(
  { column, label, meaning, format }: Figure,
  more: Partial<Pick<Chart, 'id' | 'title' | 'grain' | 'lastPeriods' | 'width'>> = {},
): Chart {
  return chart(goldTimeSeries, {
    id: slug(label),
    title: label,
    description: more.lastPeriods === undefined ? meaning : `${meaning} Up to ${more.lastPeriods} periods back.`,
    kind: 'lines',
    axis: 'period',
    by: ['platform'],
    measures: [{ column, aggregate: 'only', label, format }],
    grain: 'chosen',
    platforms: 'compared',
    width: 6,
    ...more,
  });
}

const stickiness = chart(goldTimeSeries, {
  id: 'stickiness',
  title: 'Stickiness (DAU / MAU)',
  description:
    "The mean of a month's daily active users divided by its monthly active users: the share of the month's people who come on an average day. Months that have ended.",
  kind: 'lines',
  axis: 'month',
  by: ['platform'],
  measures: [{ column: 'active_users', aggregate: 'daily mean per monthly', label: 'DAU / MAU', format: 'share' }],
  grain: 'all',
  lastPeriods: 24,
  platforms: 'compared',
  width: 6,
});

const periodStatus = chart(goldPeriodStatus, {
  id: 'data-as-of',
  title: 'Data as of',
  description:
    'The latest period of each grain. Provisional: late events may still change it for some days; final: nothing does. Complete through: the last of its days that was there when it was built.',
  kind: 'table',
  by: ['grain'],
  measures: [
    { column: 'period_start', aggregate: 'peak', label: 'Latest period', format: 'date' },
    { column: 'state', aggregate: 'latest', label: 'State', format: 'text' },
    { column: 'complete_through', aggregate: 'peak', label: 'Complete through', format: 'date' },
    { column: 'built_at', aggregate: 'peak', label: 'Last built (UTC)', format: 'instant' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 6,
});

const dataQuality = chart(goldDataQuality, {
  id: 'data-quality',
  title: 'Data quality',
  description:
    'What was looked at in the data of each day, and on how many days it was fine (ok), worth a look (warning) or wrong (failure): records that stopped coming, volume against the same weekday, repeats, late and rejected records, values that are missing or new, and cost per token.',
  kind: 'table',
  by: ['check_name', 'subject', 'severity'],
  measures: [
    { column: 'dt', aggregate: 'count', label: 'Findings', format: 'count' },
    { column: 'dt', aggregate: 'peak', label: 'Last day', format: 'date' },
  ],
  grain: 'all',
  platforms: 'none',
  width: 12,
});

const tokenBreakdown = chart(goldTimeSeries, {
  id: 'token-breakdown',
  title: 'Tokens by direction',
  description:
    'Input: tokens that models read (the prompt). Output: tokens that they wrote. A bar is their sum for one period on the chosen platform.',
  kind: 'stacked bars',
  axis: 'period',
  measures: [
    { column: 'input_tokens', aggregate: 'only', label: 'Input tokens', format: 'count' },
    { column: 'output_tokens', aggregate: 'only', label: 'Output tokens', format: 'count' },
  ],
  grain: 'chosen',
  platforms: 'one',
  width: 6,
});

const costBreakdown = chart(goldTimeSeries, {
  id: 'cost-breakdown',
  title: 'Cost by kind, USD',
  description:
    'Request: the price of the calls themselves. Input and output: the price of the tokens read and written. A bar is their sum for one period on the chosen platform.',
  kind: 'stacked bars',
  axis: 'period',
  measures: [
    { column: 'request_cost', aggregate: 'only', label: 'Request cost', format: 'usd' },
    { column: 'input_tokens_cost', aggregate: 'only', label: 'Input cost', format: 'usd' },
    { column: 'output_tokens_cost', aggregate: 'only', label: 'Output cost', format: 'usd' },
  ],
  grain: 'chosen',
  platforms: 'one',
  width: 6,
});

const dimensions = [
  { dimension: 'COUNTRY', name: 'country', about: 'ISO 3166 code of the country that the client stated.' },
  { dimension: 'PLATFORM', name: 'platform', about: 'The client they used.' },
  { dimension: 'REGION', name: 'region', about: 'UN M49 region of the country.' },
  { dimension: 'SI_VERSION', name: 'version', about: 'Version of the client (si_version).' },
  { dimension: 'DEVICE', name: 'device', about: 'The device that the client stated.' },
  { dimension: 'RES_STATUS', name: 'response status', about: 'How the response ended.' },
  { dimension: 'RES_TYPE', name: 'response type', about: 'What kind of response it was.' },
] as const;

const severalValues =
  'Somebody with two values in a period counts in both, so a bar can exceed the active users. Values with few people are merged into OTHER.';

function audience({ dimension, name, about }: (typeof dimensions)[number]): Chart[] {
  const where = { dimension };
  return [
    chart(goldActiveUserBreakdown, {
      id: `users-by-${slug(name)}`,
      title: `Active users by ${name}`,
      description: `${about} ${severalValues}`,
      kind: 'stacked bars',
      axis: 'period',
      by: ['dimension_value'],
      measures: [{ column: 'active_users', aggregate: 'only', label: 'Active users', format: 'count' }],
      where,
      grain: 'chosen',
      platforms: 'one',
      width: 8,
    }),
    chart(goldActiveUserBreakdown, {
      id: `top-${slug(name)}`,
      title: `Top by ${name}`,
      description:
        'Mean and peak: active users of a period, over those periods of the time range in which the value occurs. Latest: the last such period.',
      kind: 'table',
      by: ['dimension_value'],
      measures: [
        { column: 'active_users', aggregate: 'mean', label: 'Mean users', format: 'average' },
        { column: 'active_users', aggregate: 'peak', label: 'Peak', format: 'count' },
        { column: 'active_users', aggregate: 'latest', label: 'Latest', format: 'count' },
      ],
      where,
      grain: 'chosen',
      platforms: 'one',
      width: 4,
    }),
  ];
}

const tools: readonly Chart[] = [
  chart(goldToolCallBreakdown, {
    id: 'tool-calls',
    title: 'Tool calls by tool',
    description: 'Calls that models made to tools while they answered, each counted once, by the kind of tool.',
    kind: 'stacked bars',
    axis: 'period',
    by: ['tool_type'],
    measures: [{ column: 'calls_cnt', aggregate: 'only', label: 'Tool calls', format: 'count' }],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldToolCallBreakdown, {
    id: 'tool-users',
    title: 'Users by tool',
    description:
      'Distinct people whose messages led to at least one call of the tool in the period. Somebody with two tools counts in both, so a bar is no number of people.',
    kind: 'stacked bars',
    axis: 'period',
    by: ['tool_type'],
    measures: [{ column: 'users_cnt', aggregate: 'only', label: 'Users', format: 'count' }],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldToolCallBreakdown, {
    id: 'top-tools',
    title: 'Top tools',
    description:
      'Calls: all in the time range. Mean users: distinct people of a period, averaged over those periods in which the tool was called; peak: the largest of them.',
    kind: 'table',
    by: ['tool_type'],
    measures: [
      { column: 'calls_cnt', aggregate: 'sum', label: 'Calls', format: 'count' },
      { column: 'users_cnt', aggregate: 'mean', label: 'Mean users', format: 'average' },
      { column: 'users_cnt', aggregate: 'peak', label: 'Peak users', format: 'count' },
    ],
    grain: 'chosen',
    platforms: 'one',
    width: 12,
  }),
];

const models: readonly Chart[] = [
  chart(goldModelBreakdown, {
    id: 'cost-by-model',
    title: 'Cost by model, USD',
    description:
      'Price of all requests that the model answered, in USD, as the records state the total. A bar is the total cost of one period on the chosen platform. Unknown: messages that name no model.',
    kind: 'stacked bars',
    axis: 'period',
    by: ['model'],
    measures: [{ column: 'total_cost', aggregate: 'only', label: 'Cost', format: 'usd' }],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldModelBreakdown, {
    id: 'messages-by-model',
    title: 'Messages by model',
    description:
      'Chat messages that the model answered, repeated deliveries counted once. A bar is all messages of one period on the chosen platform.',
    kind: 'stacked bars',
    axis: 'period',
    by: ['model'],
    measures: [{ column: 'messages_cnt', aggregate: 'only', label: 'Messages', format: 'count' }],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldModelBreakdown, {
    id: 'cost-per-message-by-model',
    title: 'Cost per message by model, USD',
    description: "The model's total cost in the period divided by the messages that it answered, in USD.",
    kind: 'lines',
    axis: 'period',
    by: ['model'],
    measures: [{ column: 'total_cost', aggregate: { per: 'messages_cnt' }, label: 'Cost per message', format: 'usd' }],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldModelBreakdown, {
    id: 'tokens-per-message-by-model',
    title: 'Tokens per message by model',
    description: 'Tokens that the model read and wrote in the period divided by the messages that it answered.',
    kind: 'lines',
    axis: 'period',
    by: ['model'],
    measures: [
      { column: 'total_tokens', aggregate: { per: 'messages_cnt' }, label: 'Tokens per message', format: 'average' },
    ],
    grain: 'chosen',
    platforms: 'one',
    width: 6,
  }),
  chart(goldModelBreakdown, {
    id: 'top-models',
    title: 'Models compared',
    description:
      'Everything in the time range. Cost per message and tokens per message: the sums of the range divided by its messages.',
    kind: 'table',
    by: ['model'],
    measures: [
      { column: 'total_cost', aggregate: 'sum', label: 'Cost, USD', format: 'usd' },
      { column: 'messages_cnt', aggregate: 'sum', label: 'Messages', format: 'count' },
      { column: 'input_tokens', aggregate: 'sum', label: 'Input tokens', format: 'count' },
      { column: 'output_tokens', aggregate: 'sum', label: 'Output tokens', format: 'count' },
      { column: 'total_cost', aggregate: { per: 'messages_cnt' }, label: 'Cost per message', format: 'usd' },
      { column: 'total_tokens', aggregate: { per: 'messages_cnt' }, label: 'Tokens per message', format: 'average' },
    ],
    grain: 'chosen',
    platforms: 'one',
    width: 12,
  }),
];

const bucketed = [
  { metric: 'COST', entity: 'USER', title: 'Users by cost, USD', value: "a user's total cost in USD" },
  { metric: 'TOKENS', entity: 'USER', title: 'Users by tokens', value: "a user's total tokens" },
  { metric: 'ROOMS', entity: 'USER', title: 'Users by rooms', value: "a user's distinct rooms" },
  { metric: 'MESSAGES', entity: 'USER', title: 'Users by messages', value: "a user's messages" },
  { metric: 'MESSAGES', entity: 'ROOM', title: 'Rooms by messages', value: "a room's messages" },
  { metric: 'TOKENS', entity: 'MESSAGE', title: 'Messages by tokens', value: "a message's tokens" },
] as const;

const counted = { USER: 'Users', ROOM: 'Rooms', MESSAGE: 'Messages' } as const;

function distribution({ metric, entity, title, value }: (typeof bucketed)[number]): Chart {
  const label = `${counted[entity]} per period`;
  return chart(goldBucketDistribution, {
    id: slug(title.replace(', USD', '')),
    title,
    description: `How many ${counted[entity].toLowerCase()} of an average period of the time range fall into each bucket of ${value} in the period and on the platform. The upper edge belongs to a bucket; the last one is open. The buckets are those of the chosen grain.`,
    kind: 'grouped bars',
    axis: { label: 'bucket_label', order: 'bucket_order' },
    by: ['platform'],
    measures: [{ column: 'entity_cnt', aggregate: 'mean per period', label, format: 'average' }],
    where: { metric_name: metric, entity },
    grain: 'chosen',
    platforms: 'compared',
    width: 6,
  });
}

/** The dashboards of the chat pipeline. They read gold alone: nothing in them leads to a person. */
export const chatDashboard: Dashboard = {
  id: 'chat',
  title: 'Chat analytics',
  description:
    'Who uses the chat, how much, with which tools, and what it costs. Read from gold, which holds no identifiers.',
  pages: [
    {
      id: 'overview',
      title: 'Overview',
      sentence: 'How many people come, how often, and what they cost.',
      charts: [
        ...[activeUsers, messages, rooms, tokens, cost, costPerUser].map(keyFigure),
        overTime(activeUsers, {
          id: 'dau',
          title: 'Daily active users (DAU)',
          grain: 'DAILY',
          lastPeriods: 90,
          width: 12,
        }),
        overTime(activeUsers, { id: 'wau', title: 'Weekly active users (WAU)', grain: 'WEEKLY', lastPeriods: 52 }),
        overTime(activeUsers, { id: 'mau', title: 'Monthly active users (MAU)', grain: 'MONTHLY', lastPeriods: 24 }),
        stickiness,
        periodStatus,
        dataQuality,
      ],
    },
    {
      id: 'totals',
      title: 'Totals',
      sentence: 'What is written, read and paid for, over time.',
      charts: [overTime(messages), overTime(rooms), overTime(tokens), overTime(cost), tokenBreakdown, costBreakdown],
    },
    {
      id: 'averages',
      title: 'Averages',
      sentence: 'What one user, one room, one message comes to.',
      charts: averages.map((figure) => overTime(figure)),
    },
    {
      id: 'audience',
      title: 'Audience',
      sentence: 'Where people are, what they use, and how they are answered.',
      charts: dimensions.flatMap(audience),
    },
    { id: 'tools', title: 'Tools', sentence: 'Which tools the models call, and for how many people.', charts: tools },
    { id: 'models', title: 'Models', sentence: 'Which models answer, and what each of them costs.', charts: models },
    {
      id: 'distributions',
      title: 'Distributions',
      sentence: 'How unevenly use and cost are spread.',
      charts: bucketed.map(distribution),
    },
  ],
};

import type { Pipeline, StatementContext, Step, Workflow } from '../lake/pipeline.ts';
import type { SqlValue } from '../sql/value.ts';
import { type BucketGrain, bucketLists } from './buckets.ts';
import { regions } from './regions.ts';
import {
  bronzeChatEvents,
  bronzeRejectedRecords,
  bronzeToolCalls,
  chatTables,
  goldActiveUserBreakdown,
  goldBucketDistribution,
  goldDataQuality,
  goldModelBreakdown,
  goldPeriodStatus,
  goldTimeSeries,
  goldToolCallBreakdown,
  silverActiveUserBreakdownDaily,
  silverMessages,
  silverRoomDaily,
  silverToolCalls,
  silverToolDaily,
  silverUserDaily,
} from './tables.ts';
import { chatTopic, toolTopic } from './topics.ts';

const text = (value: string): SqlValue => ({ type: 'text', value });
const decimal = (value: number): SqlValue => ({ type: 'decimal', value: value.toFixed(6) });
const integer = (value: number): SqlValue => ({ type: 'integer', value });
const check = (name: string) => ({ statement: `chat/checks/${name}` });
const rebuild = { write: 'rebuild' } as const;
const alongside = { alongside: true } as const;

const periodStatus: Step = { statement: 'chat/gold_period_status', table: goldPeriodStatus, ...rebuild };
const distributions: Step[] = [
  { statement: 'chat/gold_bucket_distribution', table: goldBucketDistribution, ...rebuild, ...alongside },
  { statement: 'chat/gold_active_user_breakdown', table: goldActiveUserBreakdown, ...rebuild, ...alongside },
];
const rollups: Pick<Workflow, 'steps' | 'checks' | 'upstream' | 'periodStatus'> = {
  upstream: { kind: 'workflows', names: ['silver-daily', 'gold-daily'] },
  steps: [
    { statement: 'chat/gold_time_series_rollup', table: goldTimeSeries, ...rebuild },
    ...distributions,
    { statement: 'chat/gold_tool_call_breakdown_rollup', table: goldToolCallBreakdown, ...rebuild, ...alongside },
    { statement: 'chat/gold_model_breakdown_rollup', table: goldModelBreakdown, ...rebuild, ...alongside },
  ],
  checks: [check('gold_rollups_match_days'), check('gold_buckets_add_up'), check('gold_has_no_identifier')],
  periodStatus,
};

const silverDaily: Workflow = {
  name: 'silver-daily',
  sentence: 'Cleans the chat events of a day and aggregates them by user, room, tool and dimension.',
  grain: 'day',
  upstream: { kind: 'sources', counts: 'chat/bronze_row_counts' },
  schedule: { kind: 'daily', at: '02:00' },
  periodsPerPass: 7,
  steps: [
    { statement: 'chat/silver_messages', table: silverMessages, ...rebuild },
    { statement: 'chat/silver_tool_calls', table: silverToolCalls, ...rebuild },
    { statement: 'chat/silver_user_daily', table: silverUserDaily, ...rebuild, ...alongside },
    { statement: 'chat/silver_room_daily', table: silverRoomDaily, ...rebuild, ...alongside },
    {
      statement: 'chat/silver_active_user_breakdown_daily',
      table: silverActiveUserBreakdownDaily,
      ...rebuild,
      ...alongside,
    },
    {
      statement: 'chat/silver_tool_calls_neighbours',
      table: silverToolCalls,
      scope: 'neighbours',
      only: { columns: ['platform'], by: ['chat_id'] },
      ...rebuild,
    },
    { statement: 'chat/silver_tool_daily', table: silverToolDaily, scope: 'window and neighbours', ...rebuild },
  ],
  checks: [{ ...check('silver_matches_bronze'), readsSources: true }, check('silver_days_match_messages')],
};

const goldDaily: Workflow = {
  name: 'gold-daily',
  sentence: 'Makes the dashboard figures of a day, without identifiers.',
  grain: 'day',
  upstream: { kind: 'workflows', names: ['silver-daily'] },
  schedule: { kind: 'after', workflow: 'silver-daily' },
  periodsPerPass: 7,
  steps: [
    { statement: 'chat/gold_time_series', table: goldTimeSeries, ...rebuild },
    ...distributions,
    { statement: 'chat/gold_tool_call_breakdown', table: goldToolCallBreakdown, ...rebuild, ...alongside },
    { statement: 'chat/gold_model_breakdown', table: goldModelBreakdown, ...rebuild, ...alongside },
    { statement: 'chat/gold_data_quality', table: goldDataQuality, ...rebuild },
  ],
  checks: [check('gold_days_match_silver'), check('gold_buckets_add_up'), check('gold_has_no_identifier')],
  periodStatus,
};

const goldWeekly: Workflow = {
  ...rollups,
  name: 'gold-weekly',
  sentence: 'Makes the dashboard figures of a week: sums of its days, distinct users and rooms of the whole week.',
  grain: 'week',
  schedule: { kind: 'weekly', at: '04:00' },
};

const goldMonthly: Workflow = {
  ...rollups,
  name: 'gold-monthly',
  sentence: 'Makes the dashboard figures of a month: sums of its days, distinct users and rooms of the whole month.',
  grain: 'month',
  schedule: { kind: 'monthly', at: '05:00' },
};

function bucketGrain({ window }: StatementContext): BucketGrain {
  if (window.grain === 'day' || window.grain === 'week' || window.grain === 'month') return window.grain;
  throw new Error(`Chat has no buckets for a window of grain ${window.grain}`);
}

/** Chat events of a product whose users talk to language models: messages, tool calls, their users, rooms, tokens and costs. */
export const chatPipeline: Pipeline = {
  name: 'chat',
  sources: [
    { topic: chatTopic, table: bronzeChatEvents, rejected: bronzeRejectedRecords },
    { topic: toolTopic, table: bronzeToolCalls, rejected: bronzeRejectedRecords },
  ],
  tables: chatTables,
  quality: goldDataQuality,
  workflows: [silverDaily, goldDaily, goldWeekly, goldMonthly],
  parameters: (context) => {
    const lists = bucketLists(bucketGrain(context));
    const { platforms, minimumUsersPerCell, quality } = context.settings;
    return {
      regions: { type: 'rows', value: Object.entries(regions).map(([code, region]) => [text(code), text(region)]) },
      all_platforms: { type: 'boolean', value: platforms === undefined },
      platforms: { type: 'texts', value: platforms ?? [''] },
      minimum_users_per_cell: integer(minimumUsersPerCell),
      freshness_hours: integer(quality.freshnessHours),
      volume_warning: decimal(quality.volumeWarning),
      volume_failure: decimal(quality.volumeFailure),
      rejected_warning: decimal(quality.rejectedWarning),
      rejected_failure: decimal(quality.rejectedFailure),
      duplicate_share: decimal(quality.duplicateShare),
      late_share: decimal(quality.lateShare),
      unknown_share: decimal(quality.unknownShare),
      cost_jump: decimal(quality.costJump),
      edges: {
        type: 'rows',
        value: lists.map(({ metric, entity, edges }) => [
          text(metric),
          text(entity),
          ...edges.map((edge): SqlValue => ({ type: 'decimal', value: edge })),
        ]),
      },
      labels: {
        type: 'rows',
        value: lists.flatMap(({ metric, entity, labels }) =>
          labels.map((label, index) => [text(metric), text(entity), integer(index + 1), text(label)]),
        ),
      },
    };
  },
};

import { chartsOf, type PeriodGrain } from '../../dashboards/chart.ts';
import { chartQuery, shownRows } from '../../dashboards/chart-sql.ts';
import { chatDashboard } from '../../dashboards/chat.ts';
import type { Cell } from '../../local/console/answers.ts';
import { readQuery } from '../../local/console/read-query.ts';
import { openDemoLake } from '../local/console/demo-lake.ts';
import type { EmbeddedLake } from '../local/embedded-lake.ts';

let lake: EmbeddedLake;
beforeAll(async () => {
  lake = await openDemoLake();
}, 180_000);
afterAll(() => lake.close());

const ranges: Readonly<Record<PeriodGrain, { from: string; to: string }>> = {
  DAILY: { from: '2026-02-01', to: '2026-03-10' },
  WEEKLY: { from: '2026-02-01', to: '2026-03-15' },
  MONTHLY: { from: '2026-01-01', to: '2026-03-15' },
};

type Reader = (grain: PeriodGrain, from: string, to: string) => string;

/** A column of gold_time_series for every platform. */
const compared =
  (column: string): Reader =>
  (grain, from, to) =>
    `select period_start, platform, ${column} from gold_time_series where grain = '${grain}' and period_start >= date '${from}' and period_start <= date '${to}' order by period_start, platform`;

/** The same for a grain that the reader cannot choose. */
const always =
  (grain: PeriodGrain): Reader =>
  (_, from, to) =>
    compared('active_users')(grain, from, to);

/** Columns of gold_time_series for one platform. */
const onWeb =
  (columns: string): Reader =>
  (grain, from, to) =>
    `select period_start, ${columns} from gold_time_series where grain = '${grain}' and platform = 'web' and period_start >= date '${from}' and period_start <= date '${to}' order by period_start`;

const usersBy =
  (dimension: string): Reader =>
  (grain, from, to) =>
    `select period_start, dimension_value, active_users from gold_active_user_breakdown where grain = '${grain}' and platform = 'web' and dimension = '${dimension}' and period_start >= date '${from}' and period_start <= date '${to}' order by 1, 2`;

const topBy =
  (dimension: string): Reader =>
  (grain, from, to) =>
    `
    with shown as (${usersBy(dimension)(grain, from, to)}),
    last_shown as (select dimension_value, max(period_start) as period_start from shown group by dimension_value)
    select s.dimension_value, sum(s.active_users) * 1e0 / count(*), max(s.active_users), max(case when s.period_start = l.period_start then s.active_users end)
    from shown s join last_shown l on l.dimension_value = s.dimension_value
    group by s.dimension_value order by 2 desc, 1`;

const toolsBy =
  (column: string): Reader =>
  (grain, from, to) =>
    `select period_start, tool_type, ${column} from gold_tool_call_breakdown where grain = '${grain}' and platform = 'web' and period_start >= date '${from}' and period_start <= date '${to}' order by 1, 2`;

const modelsBy =
  (figure: string): Reader =>
  (grain, from, to) =>
    `select period_start, model, ${figure} from gold_model_breakdown where grain = '${grain}' and platform = 'web' and period_start >= date '${from}' and period_start <= date '${to}' order by 1, 2`;

const bucketsOf =
  (metric: string, entity: string): Reader =>
  (grain, from, to) =>
    `
    with shown as (select * from gold_bucket_distribution where grain = '${grain}' and metric_name = '${metric}' and entity = '${entity}' and period_start >= date '${from}' and period_start <= date '${to}'),
    built as (select count(*) as periods from gold_period_status where grain = '${grain}' and period_start >= date '${from}' and period_start <= date '${to}')
    select s.bucket_order, s.bucket_label, s.platform, sum(s.entity_cnt) * 1e0 / (select periods from built)
    from shown s
    group by s.bucket_order, s.bucket_label, s.platform order by 1, 3`;

/** What each chart has to show, read from gold by queries that know nothing of the specification. */
const expected: Readonly<Record<string, Reader>> = {
  'latest-active-users': onWeb('active_users'),
  'latest-messages': onWeb('messages_cnt'),
  'latest-rooms': onWeb('rooms_cnt'),
  'latest-tokens': onWeb('total_tokens'),
  'latest-cost': onWeb('total_cost'),
  'latest-cost-per-user': onWeb('cost_per_user'),
  dau: always('DAILY'),
  wau: always('WEEKLY'),
  mau: always('MONTHLY'),
  stickiness: (_, from, to) => `
    with built as (
      select cast(date_trunc('month', period_start) as date) as month_start, count(*) as built_days
      from gold_period_status where grain = 'DAILY' and period_start >= date '${from}' and period_start <= date '${to}' group by 1
    ),
    days as (
      select platform, cast(date_trunc('month', period_start) as date) as month_start, sum(active_users) as users
      from gold_time_series where grain = 'DAILY' and period_start >= date '${from}' and period_start <= date '${to}' group by 1, 2
    )
    select m.period_start, m.platform, d.users * 1e0 / b.built_days / m.active_users
    from gold_time_series m join built b on b.month_start = m.period_start join days d on d.platform = m.platform and d.month_start = m.period_start
    where m.grain = 'MONTHLY' and m.period_start >= date '${from}' order by 1, 2`,
  'data-as-of': () => `
    select s.grain, s.period_start, s.state, (select max(complete_through) from gold_period_status x where x.grain = s.grain), (select max(built_at) from gold_period_status x where x.grain = s.grain)
    from gold_period_status s where s.period_start = (select max(period_start) from gold_period_status x where x.grain = s.grain) order by 2 desc, 1`,
  'data-quality': () => `
    select check_name, subject, severity, count(*), max(dt) from gold_data_quality group by 1, 2, 3 order by 4 desc, 1, 2, 3`,
  messages: compared('messages_cnt'),
  rooms: compared('rooms_cnt'),
  tokens: compared('total_tokens'),
  cost: compared('total_cost'),
  'token-breakdown': onWeb('input_tokens, output_tokens'),
  'cost-breakdown': onWeb('request_cost, input_tokens_cost, output_tokens_cost'),
  'cost-per-user': compared('cost_per_user'),
  'tokens-per-user': compared('tokens_per_user'),
  'rooms-per-user': compared('rooms_per_user'),
  'messages-per-user': compared('messages_per_user'),
  'messages-per-room': compared('messages_per_room'),
  'tokens-per-message': compared('tokens_per_message'),
  'users-by-country': usersBy('COUNTRY'),
  'users-by-platform': usersBy('PLATFORM'),
  'users-by-region': usersBy('REGION'),
  'users-by-version': usersBy('SI_VERSION'),
  'users-by-device': usersBy('DEVICE'),
  'users-by-response-status': usersBy('RES_STATUS'),
  'users-by-response-type': usersBy('RES_TYPE'),
  'top-country': topBy('COUNTRY'),
  'top-platform': topBy('PLATFORM'),
  'top-region': topBy('REGION'),
  'top-version': topBy('SI_VERSION'),
  'top-device': topBy('DEVICE'),
  'top-response-status': topBy('RES_STATUS'),
  'top-response-type': topBy('RES_TYPE'),
  'tool-calls': toolsBy('calls_cnt'),
  'tool-users': toolsBy('users_cnt'),
  'top-tools': (grain, from, to) => `
    select tool_type, sum(calls_cnt), sum(users_cnt) * 1e0 / count(*), max(users_cnt) from gold_tool_call_breakdown
    where grain = '${grain}' and platform = 'web' and period_start >= date '${from}' and period_start <= date '${to}' group by 1 order by 2 desc, 1`,
  'cost-by-model': modelsBy('total_cost'),
  'messages-by-model': modelsBy('messages_cnt'),
  'cost-per-message-by-model': modelsBy('total_cost * 1e0 / messages_cnt'),
  'tokens-per-message-by-model': modelsBy('total_tokens * 1e0 / messages_cnt'),
  'top-models': (grain, from, to) => `
    with t as (
      select model, sum(total_cost) as cost, sum(messages_cnt) as n, sum(input_tokens) as read, sum(output_tokens) as wrote, sum(total_tokens) as tokens
      from gold_model_breakdown where grain = '${grain}' and platform = 'web' and period_start >= date '${from}' and period_start <= date '${to}' group by model
    )
    select model, cost, n, read, wrote, cost * 1e0 / n, tokens * 1e0 / n from t order by 2 desc, 1`,
  'users-by-cost': bucketsOf('COST', 'USER'),
  'users-by-tokens': bucketsOf('TOKENS', 'USER'),
  'users-by-rooms': bucketsOf('ROOMS', 'USER'),
  'users-by-messages': bucketsOf('MESSAGES', 'USER'),
  'rooms-by-messages': bucketsOf('MESSAGES', 'ROOM'),
  'messages-by-tokens': bucketsOf('TOKENS', 'MESSAGE'),
};

/** Sums of doubles may differ in their last digits. */
const rounded = (rows: readonly (readonly Cell[])[]) =>
  rows.map((row) => row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(12)) : cell)));

describe('every chart', () => {
  test('of the dashboard has a query of its own here', () => {
    expect(Object.keys(expected).sort()).toEqual(
      chartsOf(chatDashboard)
        .map(({ id }) => id)
        .sort(),
    );
  });

  test.each(chartsOf(chatDashboard).map((chart) => [chart.id, chart] as const))(
    '%s shows what gold holds, in every grain',
    async (id, chart) => {
      const { athena, settings } = lake.session;
      for (const grain of ['DAILY', 'WEEKLY', 'MONTHLY'] as const) {
        const { from, to } = ranges[grain];
        const filters = { grain, from, to, platform: 'web', compared: [] };
        const answer = await readQuery(athena, settings.database, chartQuery(chart, settings.database, filters));
        const shown = shownRows(chart, answer.rows);
        const sql = expected[id]?.(grain, from, to) ?? '';
        const held = await readQuery(athena, settings.database, { sql, parameters: [] });
        expect(shown.rows.length).toBeGreaterThan(0);
        expect(rounded(shown.rows)).toEqual(rounded(held.rows));
      }
    },
  );

  test('that compares platforms shows only those that are asked for, whatever they are called', async () => {
    const { athena, settings } = lake.session;
    const chart = chartsOf(chatDashboard).find(({ id }) => id === 'messages');
    if (chart === undefined) throw new Error('no such chart');
    const ask = async (compared: readonly string[]) => {
      const filters = { grain: 'DAILY', ...ranges.DAILY, platform: 'web', compared } as const;
      const { rows } = await readQuery(athena, settings.database, chartQuery(chart, settings.database, filters));
      return [...new Set(rows.map((row) => row[1]))].sort();
    };
    expect(await ask(['web', 'ios'])).toEqual(['ios', 'web']);
    expect(await ask(["web') or ('' = '"])).toEqual([]);
  });
});

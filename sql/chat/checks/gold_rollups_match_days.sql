-- Weeks and months whose sums are not those of their days, or whose users and rooms are not those of silver.
-- grain: period_start, figure
-- params: from date, to date, period_grain text, period_start expression, period_of_day expression
with days as (
  select
    {{period_of_day}} as period,
    sum(messages_cnt) as messages_cnt,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as total_tokens,
    sum(total_cost) as total_cost
  from gold_time_series
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
  group by 1
),
visits as (
  select {{period_start}} as period, platform, user_id, room_id
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
),
people as (
  select
    period,
    coalesce(platform, 'All') as platform,
    count(distinct user_id) as active_users,
    count(distinct room_id) as rooms_cnt,
    count(*) as messages_cnt
  from visits
  group by grouping sets ((period, platform), (period))
),
sizes as (
  select period_start, platform, sum(entity_cnt) as messages_cnt
  from gold_bucket_distribution
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}} and entity = 'MESSAGE'
  group by period_start, platform
),
series as (
  select period_start, platform, active_users, rooms_cnt
  from gold_time_series
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
),
everybody as (
  select *
  from gold_time_series
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
),
day_calls as (
  select {{period_of_day}} as period, sum(calls_cnt) as calls_cnt
  from gold_tool_call_breakdown
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
  group by 1
),
calls as (
  select period_start, sum(calls_cnt) as calls_cnt
  from gold_tool_call_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  group by period_start
),
day_models as (
  select
    {{period_of_day}} as period,
    model,
    sum(messages_cnt) as messages_cnt,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as total_tokens,
    sum(total_cost) as total_cost
  from gold_model_breakdown
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
  group by 1, 2
),
models as (
  select period_start, model, messages_cnt, total_tokens, total_cost
  from gold_model_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
)
select coalesce(days.period, everybody.period_start) as period_start, 'sums against days' as figure
from days
full outer join everybody on everybody.period_start = days.period
where days.messages_cnt is distinct from everybody.messages_cnt
  or days.total_tokens is distinct from everybody.total_tokens
  or days.total_cost is distinct from everybody.total_cost
union all
select coalesce(people.period, series.period_start), 'users and rooms against silver'
from series
full outer join people on people.period = series.period_start and people.platform = series.platform
where coalesce(people.active_users, 0) <> coalesce(series.active_users, 0)
  or coalesce(people.rooms_cnt, 0) <> coalesce(series.rooms_cnt, 0)
union all
select coalesce(people.period, sizes.period_start), 'messages by size against silver'
from people
full outer join sizes on sizes.period_start = people.period and sizes.platform = people.platform
where people.messages_cnt is distinct from sizes.messages_cnt
union all
select coalesce(day_calls.period, calls.period_start), 'tool calls against days'
from day_calls
full outer join calls on calls.period_start = day_calls.period
where day_calls.calls_cnt is distinct from calls.calls_cnt
union all
select coalesce(day_models.period, models.period_start), 'models against days'
from day_models
full outer join models on models.period_start = day_models.period and models.model = day_models.model
where day_models.messages_cnt is distinct from models.messages_cnt
  or day_models.total_tokens is distinct from models.total_tokens
  or day_models.total_cost is distinct from models.total_cost

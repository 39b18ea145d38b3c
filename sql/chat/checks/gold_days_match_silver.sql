-- Days and platforms whose gold is not what silver says: All against everybody, the platforms against All.
-- grain: period_start, figure
-- params: from date, to date
with people as (
  select
    dt,
    count(distinct user_id) as active_users,
    sum(messages_cnt) as messages_cnt,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as total_tokens,
    sum(total_cost) as total_cost
  from silver_user_daily
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
rooms as (
  select dt, count(distinct room_id) as rooms_cnt
  from silver_room_daily
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
everybody as (
  select *
  from gold_time_series
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
),
platforms as (
  select
    period_start,
    sum(messages_cnt) as messages_cnt,
    sum(total_cost) as total_cost,
    sum(active_users) as active_users,
    max(active_users) as most_users
  from gold_time_series
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}} and platform <> 'All'
  group by period_start
),
calls as (
  select dt, count(*) as calls_cnt
  from silver_tool_calls
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
tools as (
  select
    period_start,
    sum(case when platform = 'All' then calls_cnt else 0 end) as calls_cnt,
    sum(case when platform = 'All' then 0 else calls_cnt end) as platform_calls_cnt
  from gold_tool_call_breakdown
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
  group by period_start
),
series as (
  select period_start, platform, messages_cnt, input_tokens, output_tokens, total_tokens, total_cost
  from gold_time_series
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
),
models as (
  select
    period_start,
    platform,
    sum(messages_cnt) as messages_cnt,
    least(sum(cast(input_tokens as decimal(38, 0))), 9223372036854775807) as input_tokens,
    least(sum(cast(output_tokens as decimal(38, 0))), 9223372036854775807) as output_tokens,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as total_tokens,
    sum(total_cost) as total_cost
  from gold_model_breakdown
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
  group by period_start, platform
)
select coalesce(people.dt, everybody.period_start) as period_start, 'All against silver' as figure
from people
full outer join everybody on everybody.period_start = people.dt
left join rooms on rooms.dt = people.dt
where people.active_users is distinct from everybody.active_users
  or people.messages_cnt is distinct from everybody.messages_cnt
  or people.total_tokens is distinct from everybody.total_tokens
  or people.total_cost is distinct from everybody.total_cost
  or rooms.rooms_cnt is distinct from everybody.rooms_cnt
union all
select everybody.period_start, 'platforms against All'
from everybody
left join platforms on platforms.period_start = everybody.period_start
where platforms.messages_cnt is distinct from everybody.messages_cnt
  or platforms.total_cost is distinct from everybody.total_cost
  or everybody.active_users > platforms.active_users
  or everybody.active_users < platforms.most_users
union all
select coalesce(calls.dt, tools.period_start), 'tool calls against silver'
from calls
full outer join tools on tools.period_start = calls.dt
where calls.calls_cnt is distinct from tools.calls_cnt or tools.calls_cnt is distinct from tools.platform_calls_cnt
union all
select coalesce(series.period_start, models.period_start), 'models against the time series'
from series
full outer join models on models.period_start = series.period_start and models.platform = series.platform
where series.messages_cnt is distinct from models.messages_cnt
  or series.input_tokens is distinct from models.input_tokens
  or series.output_tokens is distinct from models.output_tokens
  or series.total_tokens is distinct from models.total_tokens
  or series.total_cost is distinct from models.total_cost

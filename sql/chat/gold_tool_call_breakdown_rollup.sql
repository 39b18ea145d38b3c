-- Weeks and months of the tool calls: sums of their days' gold, distinct users from silver.
-- grain: grain, period_start, platform, tool_type
-- params: from date, to date, period_grain text, period_start expression, period_of_day expression
with totals as (
  select {{period_of_day}} as period, platform, tool_type, sum(calls_cnt) as calls_cnt
  from gold_tool_call_breakdown
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
  group by 1, 2, 3
),
calls as (
  select {{period_start}} as period, platform, tool_type, user_id
  from silver_tool_calls
  where dt >= {{from}} and dt < {{to}}
),
users as (
  select period, coalesce(platform, 'All') as platform, tool_type, count(distinct user_id) as users_cnt
  from calls
  group by grouping sets ((period, platform, tool_type), (period, tool_type))
)
select
  {{period_grain}} as grain,
  totals.period as period_start,
  totals.platform,
  totals.tool_type,
  totals.calls_cnt,
  coalesce(users.users_cnt, 0) as users_cnt
from totals
left join users
  on users.period = totals.period
  and users.platform = totals.platform
  and users.tool_type = totals.tool_type

-- Values of gold that only one user has and that are the id of a user or room of the window: somebody's id sent as a platform or tool.
-- grain: table_name, period_start
-- params: from date, to date, period_grain text
with shown as (
  select 'gold_active_user_breakdown' as table_name, period_start, dimension_value as shown_value, active_users as users_cnt
  from gold_active_user_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  union all
  select 'gold_tool_call_breakdown', period_start, tool_type, users_cnt
  from gold_tool_call_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  union all
  select 'gold_time_series', period_start, platform, active_users
  from gold_time_series
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
)
select table_name, period_start, count(*) as identifiers_cnt
from shown
where users_cnt = 1
  and (
    shown_value in (select user_id from silver_user_daily where dt >= {{from}} and dt < {{to}})
    or shown_value in (select room_id from silver_room_daily where dt >= {{from}} and dt < {{to}})
  )
group by table_name, period_start

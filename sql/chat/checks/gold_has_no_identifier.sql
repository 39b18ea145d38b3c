-- Values of gold that only one user has and that are the id of a user or room of the window: somebody's id sent as a platform or tool.
-- Models have no count of users; one that only its namesake can have used has no more messages than the namesake wrote.
-- grain: table_name, period_start
-- params: from date, to date, period_grain text
with people (person_id, messages_cnt) as (
  select user_id, sum(messages_cnt) from silver_user_daily where dt >= {{from}} and dt < {{to}} group by user_id
  union all
  select room_id, sum(messages_cnt) from silver_room_daily where dt >= {{from}} and dt < {{to}} group by room_id
),
shown as (
  select
    'gold_active_user_breakdown' as table_name,
    period_start,
    dimension_value as shown_value,
    active_users as users_cnt,
    cast(null as bigint) as messages_cnt
  from gold_active_user_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  union all
  select 'gold_tool_call_breakdown', period_start, tool_type, users_cnt, null
  from gold_tool_call_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  union all
  select 'gold_time_series', period_start, platform, active_users, null
  from gold_time_series
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  union all
  select 'gold_model_breakdown', period_start, model, null, messages_cnt
  from gold_model_breakdown
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}} and platform = 'All'
)
select shown.table_name, shown.period_start, count(distinct shown.shown_value) as identifiers_cnt
from shown
join people on people.person_id = shown.shown_value
where shown.users_cnt = 1 or shown.messages_cnt <= people.messages_cnt
group by shown.table_name, shown.period_start

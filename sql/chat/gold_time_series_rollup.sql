-- Weeks and months of the time series: sums of their days' gold, distinct users and rooms from silver. A platform may be in
-- either alone: a day that an erasure has sealed takes no part in what silver is given by name afterwards.
-- grain: grain, period_start, platform
-- params: from date, to date, period_grain text, period_start expression, period_of_day expression
with totals as (
  select
    {{period_of_day}} as period,
    platform,
    sum(messages_cnt) as messages_cnt,
    cast(least(sum(cast(input_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
    cast(least(sum(cast(output_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
    cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
    sum(input_tokens_cost) as input_tokens_cost,
    sum(output_tokens_cost) as output_tokens_cost,
    sum(request_cost) as request_cost,
    sum(total_cost) as total_cost
  from gold_time_series
  where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
  group by 1, 2
),
visits as (
  select {{period_start}} as period, platform, user_id, room_id
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
  group by 1, 2, 3, 4
),
rooms_of_users as (
  select period, coalesce(platform, 'All') as platform, user_id, count(distinct room_id) as rooms_cnt
  from visits
  group by grouping sets ((period, platform, user_id), (period, user_id))
),
users as (
  select period, platform, count(*) as active_users, sum(rooms_cnt) as user_rooms_cnt
  from rooms_of_users
  group by period, platform
),
room_days as (
  select {{period_start}} as period, platform, room_id
  from silver_room_daily
  where dt >= {{from}} and dt < {{to}}
),
rooms as (
  select period, coalesce(platform, 'All') as platform, count(distinct room_id) as rooms_cnt
  from room_days
  group by grouping sets ((period, platform), (period))
)
select
  {{period_grain}} as grain,
  coalesce(totals.period, users.period) as period_start,
  coalesce(totals.platform, users.platform) as platform,
  coalesce(users.active_users, 0) as active_users,
  coalesce(totals.messages_cnt, 0) as messages_cnt,
  coalesce(rooms.rooms_cnt, 0) as rooms_cnt,
  coalesce(totals.input_tokens, 0) as input_tokens,
  coalesce(totals.output_tokens, 0) as output_tokens,
  coalesce(totals.total_tokens, 0) as total_tokens,
  coalesce(totals.input_tokens_cost, 0) as input_tokens_cost,
  coalesce(totals.output_tokens_cost, 0) as output_tokens_cost,
  coalesce(totals.request_cost, 0) as request_cost,
  coalesce(totals.total_cost, 0) as total_cost,
  cast(totals.total_cost as double) / users.active_users as cost_per_user,
  cast(totals.total_tokens as double) / users.active_users as tokens_per_user,
  cast(users.user_rooms_cnt as double) / users.active_users as rooms_per_user,
  cast(totals.messages_cnt as double) / users.active_users as messages_per_user,
  cast(totals.messages_cnt as double) / rooms.rooms_cnt as messages_per_room,
  cast(totals.total_tokens as double) / totals.messages_cnt as tokens_per_message
from totals
full outer join users on users.period = totals.period and users.platform = totals.platform
left join rooms
  on rooms.period = coalesce(totals.period, users.period)
  and rooms.platform = coalesce(totals.platform, users.platform)

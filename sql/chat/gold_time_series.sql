-- Users, rooms, messages, tokens, costs and averages of each day of the window, by platform and for All.
-- grain: grain, period_start, platform
-- params: from date, to date
with totals as (
  select
    dt,
    coalesce(platform, 'All') as platform,
    count(distinct user_id) as active_users,
    sum(messages_cnt) as messages_cnt,
    cast(least(sum(cast(input_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
    cast(least(sum(cast(output_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
    cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
    sum(input_tokens_cost) as input_tokens_cost,
    sum(output_tokens_cost) as output_tokens_cost,
    sum(request_cost) as request_cost,
    sum(total_cost) as total_cost
  from silver_user_daily
  where dt >= {{from}} and dt < {{to}}
  group by grouping sets ((dt, platform), (dt))
),
visits as (
  select dt, coalesce(platform, 'All') as platform, user_id, room_id
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
  group by grouping sets ((dt, platform, user_id, room_id), (dt, user_id, room_id))
),
rooms as (
  select dt, platform, count(distinct room_id) as rooms_cnt, count(*) as user_rooms_cnt
  from visits
  group by dt, platform
)
select
  'DAILY' as grain,
  totals.dt as period_start,
  totals.platform,
  totals.active_users,
  totals.messages_cnt,
  rooms.rooms_cnt,
  totals.input_tokens,
  totals.output_tokens,
  totals.total_tokens,
  totals.input_tokens_cost,
  totals.output_tokens_cost,
  totals.request_cost,
  totals.total_cost,
  cast(totals.total_cost as double) / totals.active_users as cost_per_user,
  cast(totals.total_tokens as double) / totals.active_users as tokens_per_user,
  cast(rooms.user_rooms_cnt as double) / totals.active_users as rooms_per_user,
  cast(totals.messages_cnt as double) / totals.active_users as messages_per_user,
  cast(totals.messages_cnt as double) / rooms.rooms_cnt as messages_per_room,
  cast(totals.total_tokens as double) / totals.messages_cnt as tokens_per_message
from totals
join rooms on rooms.dt = totals.dt and rooms.platform = totals.platform

-- How many users, rooms and messages fall into each bucket of each figure, nine rows wherever there is anything to count.
-- grain: grain, period_start, platform, metric_name, entity, bucket_order
-- params: from date, to date, period_grain text, period_start expression, edges rows, labels rows
with edges (metric_name, entity, edge_1, edge_2, edge_3, edge_4, edge_5, edge_6, edge_7, edge_8) as (
  {{edges}}
),
labels (metric_name, entity, bucket_order, bucket_label) as (
  {{labels}}
),
user_days as (
  select {{period_start}} as period, platform, user_id, messages_cnt, total_tokens, total_cost
  from silver_user_daily
  where dt >= {{from}} and dt < {{to}}
),
users as (
  select
    period,
    coalesce(platform, 'All') as platform,
    user_id,
    sum(messages_cnt) as messages_cnt,
    sum(total_tokens) as total_tokens,
    sum(total_cost) as total_cost
  from user_days
  group by grouping sets ((period, platform, user_id), (period, user_id))
),
room_days as (
  select {{period_start}} as period, platform, room_id, messages_cnt
  from silver_room_daily
  where dt >= {{from}} and dt < {{to}}
),
rooms as (
  select period, coalesce(platform, 'All') as platform, room_id, sum(messages_cnt) as messages_cnt
  from room_days
  group by grouping sets ((period, platform, room_id), (period, room_id))
),
messages as (
  select {{period_start}} as period, platform, user_id, room_id, total_tokens
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
),
rooms_of_users as (
  select period, coalesce(platform, 'All') as platform, user_id, count(distinct room_id) as rooms_cnt
  from messages
  group by grouping sets ((period, platform, user_id), (period, user_id))
),
message_sizes as (
  select period, coalesce(platform, 'All') as platform, total_tokens, count(*) as messages_cnt
  from messages
  group by grouping sets ((period, platform, total_tokens), (period, total_tokens))
),
measured as (
  select period, platform, 'COST' as metric_name, 'USER' as entity, total_cost as measure, 1 as entities from users
  union all
  select period, platform, 'TOKENS', 'USER', cast(total_tokens as decimal(38, 9)), 1 from users
  union all
  select period, platform, 'MESSAGES', 'USER', cast(messages_cnt as decimal(38, 9)), 1 from users
  union all
  select period, platform, 'ROOMS', 'USER', cast(rooms_cnt as decimal(38, 9)), 1 from rooms_of_users
  union all
  select period, platform, 'MESSAGES', 'ROOM', cast(messages_cnt as decimal(38, 9)), 1 from rooms
  union all
  select period, platform, 'TOKENS', 'MESSAGE', cast(total_tokens as decimal(38, 9)), messages_cnt from message_sizes
),
counted as (
  select
    measured.period,
    measured.platform,
    measured.metric_name,
    measured.entity,
    case
      when measure <= edge_1 then 1
      when measure <= edge_2 then 2
      when measure <= edge_3 then 3
      when measure <= edge_4 then 4
      when measure <= edge_5 then 5
      when measure <= edge_6 then 6
      when measure <= edge_7 then 7
      when measure <= edge_8 then 8
      else 9
    end as bucket_order,
    sum(entities) as entity_cnt
  from measured
  join edges on edges.metric_name = measured.metric_name and edges.entity = measured.entity
  group by 1, 2, 3, 4, 5
),
present as (
  select distinct period, platform, metric_name, entity from counted
)
select
  {{period_grain}} as grain,
  present.period as period_start,
  present.platform,
  present.metric_name,
  present.entity,
  labels.bucket_order,
  labels.bucket_label,
  coalesce(counted.entity_cnt, 0) as entity_cnt
from present
join labels on labels.metric_name = present.metric_name and labels.entity = present.entity
left join counted
  on counted.period = present.period
  and counted.platform = present.platform
  and counted.metric_name = present.metric_name
  and counted.entity = present.entity
  and counted.bucket_order = labels.bucket_order

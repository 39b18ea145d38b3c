-- How many users, rooms and messages fall into each bucket of each figure, nine rows wherever there is anything to count.
-- grain: grain, period_start, platform, metric_name, entity, bucket_order
-- params: from date, to date, period_grain text, period_start expression, edges rows, labels rows
with edges (metric_name, entity, edge_1, edge_2, edge_3, edge_4, edge_5, edge_6, edge_7, edge_8) as (
  {{edges}}
),
labels (metric_name, entity, bucket_order, bucket_label) as (
  {{labels}}
),
user_figures (metric_name) as (
  values ('COST'), ('TOKENS'), ('MESSAGES')
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
    sum(cast(total_tokens as decimal(38, 0))) as total_tokens,
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
visits_and_sizes as (
  select
    period,
    coalesce(platform, 'All') as platform,
    user_id,
    total_tokens,
    grouping(total_tokens) as is_visit,
    count(*) as messages_cnt
  from messages
  group by grouping sets (
    (period, platform, user_id, room_id), (period, user_id, room_id),
    (period, platform, total_tokens), (period, total_tokens)
  )
),
rooms_of_users_and_sizes as (
  select period, platform, total_tokens, is_visit, count(*) as rooms_cnt, sum(messages_cnt) as messages_cnt
  from visits_and_sizes
  group by period, platform, user_id, total_tokens, is_visit
),
measured as (
  select
    users.period,
    users.platform,
    user_figures.metric_name,
    'USER' as entity,
    case user_figures.metric_name
      when 'COST' then users.total_cost
      when 'TOKENS' then cast(users.total_tokens as decimal(38, 9))
      else cast(users.messages_cnt as decimal(38, 9))
    end as measure,
    1 as entities
  from users
  cross join user_figures
  union all
  select period, platform, 'MESSAGES', 'ROOM', cast(messages_cnt as decimal(38, 9)), 1
  from rooms
  union all
  select
    period,
    platform,
    case when is_visit = 1 then 'ROOMS' else 'TOKENS' end,
    case when is_visit = 1 then 'USER' else 'MESSAGE' end,
    cast(case when is_visit = 1 then rooms_cnt else total_tokens end as decimal(38, 9)),
    case when is_visit = 1 then 1 else messages_cnt end
  from rooms_of_users_and_sizes
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
  select
    counted.period,
    counted.platform,
    counted.metric_name,
    counted.entity,
    labels.bucket_order,
    labels.bucket_label,
    case when labels.bucket_order = counted.bucket_order then counted.entity_cnt else 0 end as entity_cnt
  from counted
  join labels on labels.metric_name = counted.metric_name and labels.entity = counted.entity
)
select
  {{period_grain}} as grain,
  period as period_start,
  platform,
  metric_name,
  entity,
  bucket_order,
  bucket_label,
  sum(entity_cnt) as entity_cnt
from present
group by period, platform, metric_name, entity, bucket_order, bucket_label

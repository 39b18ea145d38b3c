-- depends_on: {{ ref('silver_messages') }}
{% for grain in ['DAILY', 'WEEKLY', 'MONTHLY'] %}
{% if not loop.first %}union all{% endif %}
(
  with users as (
    select
      period_start,
      coalesce(platform, 'All') as platform,
      user_id,
      sum(messages_cnt) as messages_cnt,
      sum(total_tokens) as total_tokens,
      sum(total_cost) as total_cost
    from (select {{ period_start(grain) }} as period_start, * from {{ ref('silver_user_daily') }} where {{ in_open_periods(grain) }})
    group by grouping sets ((period_start, platform, user_id), (period_start, user_id))
  ),
  rooms as (
    select period_start, coalesce(platform, 'All') as platform, room_id, sum(messages_cnt) as messages_cnt
    from (select {{ period_start(grain) }} as period_start, * from {{ ref('silver_room_daily') }} where {{ in_open_periods(grain) }})
    group by grouping sets ((period_start, platform, room_id), (period_start, room_id))
  ),
  messages as (
    select {{ period_start(grain) }} as period_start, platform, user_id, room_id, total_tokens
    from {{ ref('silver_messages') }}
    where {{ in_open_periods(grain) }}
  ),
  rooms_of_users as (
    select period_start, coalesce(platform, 'All') as platform, user_id, count(distinct room_id) as rooms_cnt
    from messages
    group by grouping sets ((period_start, platform, user_id), (period_start, user_id))
  ),
  message_sizes as (
    select period_start, coalesce(platform, 'All') as platform, total_tokens, count(*) as messages_cnt
    from messages
    group by grouping sets ((period_start, platform, total_tokens), (period_start, total_tokens))
  ),
  measured as (
    select period_start, platform, 'COST' as metric_name, 'USER' as entity, total_cost::decimal(38, 9) as measure, 1 as entities from users
    union all
    select period_start, platform, 'TOKENS', 'USER', total_tokens::decimal(38, 9), 1 from users
    union all
    select period_start, platform, 'MESSAGES', 'USER', messages_cnt::decimal(38, 9), 1 from users
    union all
    select period_start, platform, 'ROOMS', 'USER', rooms_cnt::decimal(38, 9), 1 from rooms_of_users
    union all
    select period_start, platform, 'MESSAGES', 'ROOM', messages_cnt::decimal(38, 9), 1 from rooms
    union all
    select period_start, platform, 'TOKENS', 'MESSAGE', total_tokens::decimal(38, 9), messages_cnt from message_sizes
  ),
  counted as (
    select
      period_start,
      platform,
      metric_name,
      entity,
      case
        {% for order in range(1, 9) -%}
        when measure <= edge_{{ order }} then {{ order }}
        {% endfor -%}
        else 9
      end as bucket_order,
      sum(entities) as entity_cnt
    from measured
    join {{ ref('bucket_edges') }} edges using (metric_name, entity)
    where edges.grain = '{{ grain }}'
    group by all
  )
  select
    '{{ grain }}' as grain,
    present.period_start,
    present.platform,
    present.metric_name,
    present.entity,
    labels.bucket_order,
    labels.bucket_label,
    coalesce(counted.entity_cnt, 0)::bigint as entity_cnt
  from (select distinct period_start, platform, metric_name, entity from counted) present
  join {{ ref('bucket_labels') }} labels
    on labels.grain = '{{ grain }}' and labels.metric_name = present.metric_name and labels.entity = present.entity
  left join counted
    on counted.period_start = present.period_start
    and counted.platform = present.platform
    and counted.metric_name = present.metric_name
    and counted.entity = present.entity
    and counted.bucket_order = labels.bucket_order
)
{% endfor %}

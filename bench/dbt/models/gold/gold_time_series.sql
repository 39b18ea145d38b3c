-- depends_on: {{ ref('silver_messages') }}
{% for grain in ['DAILY', 'WEEKLY', 'MONTHLY'] %}
{% if not loop.first %}union all{% endif %}
(
  with user_days as (
    select {{ period_start(grain) }} as period_start, * from {{ ref('silver_user_daily') }} where {{ in_open_periods(grain) }}
  ),
  totals as (
    select
      period_start,
      coalesce(platform, 'All') as platform,
      count(distinct user_id) as active_users,
      sum(messages_cnt)::bigint as messages_cnt,
      sum(input_tokens)::bigint as input_tokens,
      sum(output_tokens)::bigint as output_tokens,
      sum(total_tokens)::bigint as total_tokens,
      sum(input_tokens_cost) as input_tokens_cost,
      sum(output_tokens_cost) as output_tokens_cost,
      sum(request_cost) as request_cost,
      sum(total_cost) as total_cost
    from user_days
    group by grouping sets ((period_start, platform), (period_start))
  ),
  visits as (
    select distinct {{ period_start(grain) }} as period_start, platform, user_id, room_id
    from {{ ref('silver_messages') }}
    where {{ in_open_periods(grain) }}
  ),
  rooms as (
    select period_start, coalesce(platform, 'All') as platform, count(distinct room_id) as rooms_cnt
    from visits
    group by grouping sets ((period_start, platform), (period_start))
  ),
  user_rooms as (
    select period_start, platform, sum(rooms_cnt) as user_rooms_cnt
    from (
      select period_start, coalesce(platform, 'All') as platform, user_id, count(distinct room_id) as rooms_cnt
      from visits
      group by grouping sets ((period_start, platform, user_id), (period_start, user_id))
    )
    group by all
  )
  select
    '{{ grain }}' as grain,
    period_start,
    platform,
    active_users,
    messages_cnt,
    rooms_cnt,
    input_tokens,
    output_tokens,
    total_tokens,
    input_tokens_cost,
    output_tokens_cost,
    request_cost,
    total_cost,
    total_cost::double / active_users as cost_per_user,
    total_tokens::double / active_users as tokens_per_user,
    user_rooms_cnt::double / active_users as rooms_per_user,
    messages_cnt::double / active_users as messages_per_user,
    messages_cnt::double / rooms_cnt as messages_per_room,
    total_tokens::double / messages_cnt as tokens_per_message
  from totals
  join rooms using (period_start, platform)
  join user_rooms using (period_start, platform)
)
{% endfor %}

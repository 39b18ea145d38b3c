-- depends_on: {{ ref('silver_messages') }}
{% for grain in ['DAILY', 'WEEKLY', 'MONTHLY'] %}
{% if not loop.first %}union all{% endif %}
(
  select
    '{{ grain }}' as grain,
    period_start,
    coalesce(platform, 'All') as platform,
    tool_type,
    count(*) as calls_cnt,
    count(distinct user_id) as users_cnt
  from (select {{ period_start(grain) }} as period_start, * from {{ ref('silver_tool_calls') }} where {{ in_open_periods(grain) }})
  group by grouping sets ((period_start, platform, tool_type), (period_start, tool_type))
)
{% endfor %}

-- depends_on: {{ ref('silver_messages') }}
{% for grain in ['DAILY', 'WEEKLY', 'MONTHLY'] %}
{% if not loop.first %}union all{% endif %}
(
  select
    '{{ grain }}' as grain,
    period_start,
    coalesce(platform, 'All') as platform,
    coalesce(nullif(model, ''), 'Unknown') as model,
    count(*) as messages_cnt,
    sum(prompt_tokens)::bigint as input_tokens,
    sum(completion_tokens)::bigint as output_tokens,
    sum(total_tokens)::bigint as total_tokens,
    sum(total_cost) as total_cost
  from (select {{ period_start(grain) }} as period_start, * from {{ ref('silver_messages') }} where {{ in_open_periods(grain) }})
  group by grouping sets ((period_start, platform, coalesce(nullif(model, ''), 'Unknown')), (period_start, coalesce(nullif(model, ''), 'Unknown')))
)
{% endfor %}

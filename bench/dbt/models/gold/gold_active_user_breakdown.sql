-- depends_on: {{ ref('silver_messages') }}
{% for grain in ['DAILY', 'WEEKLY', 'MONTHLY'] %}
{% if not loop.first %}union all{% endif %}
(
  with attributes as (
    select distinct
      {{ period_start(grain) }} as period_start, platform, user_id,
      country, platform as platform_value, region, si_version, device, res_status, res_type
    from {{ ref('silver_messages') }}
    where {{ in_open_periods(grain) }}
  ),
  listed as (
    unpivot attributes
    on country, platform_value, region, si_version, device, res_status, res_type
    into name dimension value dimension_value
  ),
  members as (
    select period_start, coalesce(platform, 'All') as platform, dimension, dimension_value, user_id
    from listed
    group by grouping sets (
      (period_start, platform, dimension, dimension_value, user_id),
      (period_start, dimension, dimension_value, user_id)
    )
  ),
  cells as (
    select period_start, platform, dimension, dimension_value, count(*) as active_users
    from members
    group by all
  ),
  merged as (
    select period_start, platform, dimension, 'OTHER' as dimension_value, count(distinct user_id) as active_users
    from members
    join cells using (period_start, platform, dimension, dimension_value)
    where active_users < 10 or dimension_value = 'OTHER'
    group by period_start, platform, dimension
    having count(distinct user_id) >= 10
  ),
  shown as (
    select * from cells where active_users >= 10 and dimension_value <> 'OTHER'
    union all
    select * from merged
  )
  select
    '{{ grain }}' as grain,
    period_start,
    platform,
    if(dimension = 'platform_value', 'PLATFORM', upper(dimension)) as dimension,
    dimension_value,
    active_users
  from shown
)
{% endfor %}

-- Active users by platform, for All, and each dimension; values with too few users are merged into OTHER. A cell carries the
-- few users that OTHER would count, so that silver is read once.
-- grain: grain, period_start, platform, dimension, dimension_value
-- params: from date, to date, period_grain text, period_start expression, minimum_users_per_cell integer
with attributes as (
  select {{period_start}} as period, platform, platform as platform_value, user_id,
    country, region, si_version, device, res_status, res_type
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
  group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10
),
members as (
  select
    period,
    coalesce(platform, 'All') as platform,
    case
      when country is not null then 'COUNTRY'
      when platform_value is not null then 'PLATFORM'
      when region is not null then 'REGION'
      when si_version is not null then 'SI_VERSION'
      when device is not null then 'DEVICE'
      when res_status is not null then 'RES_STATUS'
      else 'RES_TYPE'
    end as dimension,
    coalesce(country, platform_value, region, si_version, device, res_status, res_type) as dimension_value,
    user_id
  from attributes
  group by grouping sets (
    (period, platform, user_id, country), (period, user_id, country),
    (period, platform, user_id, platform_value), (period, user_id, platform_value),
    (period, platform, user_id, region), (period, user_id, region),
    (period, platform, user_id, si_version), (period, user_id, si_version),
    (period, platform, user_id, device), (period, user_id, device),
    (period, platform, user_id, res_status), (period, user_id, res_status),
    (period, platform, user_id, res_type), (period, user_id, res_type)
  )
),
cells as (
  select
    period,
    platform,
    dimension,
    dimension_value,
    count(*) as users_cnt,
    count(*) < {{minimum_users_per_cell}} or dimension_value = 'OTHER' as merged,
    coalesce(
      array_agg(user_id) filter (where dimension_value = 'OTHER'),
      min(user_id, {{minimum_users_per_cell}})
    ) as users_if_merged
  from members
  group by period, platform, dimension, dimension_value
),
shown as (
  select
    cells.period,
    cells.platform,
    cells.dimension,
    case when cells.merged then 'OTHER' else cells.dimension_value end as dimension_value,
    cells.merged,
    max(cells.users_cnt) as users_cnt,
    count(distinct others.user_id) as merged_users_cnt
  from cells
  cross join unnest(
    case when cells.merged then cells.users_if_merged else array[cast(null as varchar)] end
  ) as others (user_id)
  group by 1, 2, 3, 4, 5
)
select
  {{period_grain}} as grain,
  period as period_start,
  platform,
  dimension,
  dimension_value,
  case when merged then merged_users_cnt else users_cnt end as active_users
from shown
where not merged or merged_users_cnt >= {{minimum_users_per_cell}}

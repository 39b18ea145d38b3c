with members as (
  select distinct dt, platform, user_id, country, platform as platform_value, region, si_version, device, res_status, res_type
  from {{ ref('silver_messages') }}
  where {{ new_days() }}
),
listed as (
  unpivot members
  on country, platform_value, region, si_version, device, res_status, res_type
  into name dimension value dimension_value
)
select
  dt,
  platform,
  if(dimension = 'platform_value', 'PLATFORM', upper(dimension)) as dimension,
  dimension_value,
  count(distinct user_id) as active_users
from listed
group by all

-- Active users by platform and each dimension on each day of the window.
-- grain: dt, platform, dimension, dimension_value
-- params: from date, to date
with attributes as (
  select distinct dt, platform, platform as platform_value, user_id,
    country, region, si_version, device, res_status, res_type
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
)
select
  dt,
  platform,
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
  count(distinct user_id) as active_users
from attributes
group by grouping sets (
  (dt, platform, country),
  (dt, platform, platform_value),
  (dt, platform, region),
  (dt, platform, si_version),
  (dt, platform, device),
  (dt, platform, res_status),
  (dt, platform, res_type)
)

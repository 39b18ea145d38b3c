-- The largest values of each dimension over all platforms, in the newest day.
-- grain: dimension, dimension_value
-- params: most integer
with newest as (
  select max(period_start) as period_start
  from gold_time_series
  where grain = 'DAILY'
), ranked as (
  select
    b.dimension,
    b.dimension_value,
    b.active_users,
    row_number() over (partition by b.dimension order by b.active_users desc, b.dimension_value) as place
  from gold_active_user_breakdown b
  join newest n on n.period_start = b.period_start
  where b.grain = 'DAILY' and b.platform = 'All'
)
select dimension, dimension_value, active_users
from ranked
where place <= {{most}}
order by dimension, place

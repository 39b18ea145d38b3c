-- How many days the cleaned facts and the dashboards hold.
-- grain: layer
-- params: none
select 'silver' as layer, count(distinct dt) as days, cast(min(dt) as varchar) as first_day, cast(max(dt) as varchar) as last_day
from silver_messages
union all
select 'gold' as layer, count(distinct period_start) as days, cast(min(period_start) as varchar) as first_day, cast(max(period_start) as varchar) as last_day
from gold_time_series
where grain = 'DAILY'

-- Hours whose readings are not all counted.
-- grain: hour
-- params: from timestamp, to timestamp
with readings as (
  select date_trunc('hour', "timestamp") as hour, count(*) as entries
  from bronze_readings
  where "timestamp" >= {{from}} and "timestamp" < {{to}}
  group by 1
),
hours as (
  select hour, sum(readings_cnt) as entries
  from silver_meter_hourly
  where hour >= {{from}} and hour < {{to}}
  group by hour
)
select coalesce(readings.hour, hours.hour) as hour, readings.entries as expected, hours.entries as found
from readings
full outer join hours on hours.hour = readings.hour
where readings.entries is distinct from hours.entries

-- How many readings each hour of bronze holds.
-- grain: table_name, period
-- params: from timestamp, to timestamp
select 'bronze_readings' as table_name, date_trunc('hour', "timestamp") as period, count(*) as record_count
from bronze_readings
where "timestamp" >= {{from}} and "timestamp" < {{to}}
group by 1, 2

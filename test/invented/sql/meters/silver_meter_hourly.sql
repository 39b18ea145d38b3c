-- What each meter read in each hour of the window.
-- grain: hour, meter
-- params: from timestamp, to timestamp
select date_trunc('hour', "timestamp") as hour, meter, count(*) as readings_cnt, max(watts) as most_watts
from bronze_readings
where "timestamp" >= {{from}} and "timestamp" < {{to}}
group by 1, 2

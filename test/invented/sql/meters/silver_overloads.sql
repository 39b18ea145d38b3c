-- The overloads of the window.
-- grain: reading_id
-- params: from timestamp, to timestamp
select reading_id, min("timestamp") as "timestamp", max(watts) as watts
from bronze_readings
where "timestamp" >= {{from}} and "timestamp" < {{to}} and watts > 1000
group by reading_id

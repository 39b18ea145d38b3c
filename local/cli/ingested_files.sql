-- How many files came in by topic, and how many of their records.
-- grain: topic
-- params: none
select topic, count(*) as files, sum(accepted) as accepted, sum(rejected) as rejected
from lethe_internal.lethe_ingested_files
group by topic
order by topic

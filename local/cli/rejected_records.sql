-- Rejected records that are still kept, by reason.
-- grain: reason
-- params: table identifier
select reason, count(*) as records
from {{table}}
group by reason
order by records desc, reason

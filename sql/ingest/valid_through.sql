-- Up to when the sink says that every Kafka partition's records are in a table. Its newest snapshots may not say it: one
-- does not while a partition is idle.
-- grain: one row
-- params: snapshots identifier, since timestamp
select max(element_at(summary, 'kafka.connect.valid-through-ts')) as valid_through
from {{snapshots}}
where committed_at >= {{since}}

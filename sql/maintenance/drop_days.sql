-- Drops the days of a table that retention no longer keeps; whole partitions, so that no data file is read.
-- grain: none
-- params: table identifier, scope expression
delete from {{table}} where {{scope}}

-- How many rows of a table belong to a window.
-- grain: one row
-- params: table identifier, scope expression
select count(*) as records from {{table}} where {{scope}}

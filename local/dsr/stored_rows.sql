-- The rows of a table, and those that its blocks hold: more of them are deleted rows whose bytes are still there.
-- grain: none
-- params: table identifier, table_name text
select
  (select count(*) from {{table}}) as live_rows,
  coalesce(sum(count), 0) as stored_rows
from pragma_storage_info({{table_name}})
where column_id = 0 and segment_type <> 'VALIDITY'

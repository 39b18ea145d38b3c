-- How many records each day of bronze holds, from the tables' metadata: a change says that late events came.
-- grain: table_name, period
-- params: from date, to date
select
  'bronze_chat_events' as table_name,
  "partition".dt as period,
  record_count
from "bronze_chat_events$partitions"
where "partition".dt >= {{from}} and "partition".dt < {{to}}
union all
select
  'bronze_tool_calls' as table_name,
  "partition".dt as period,
  record_count
from "bronze_tool_calls$partitions"
where "partition".dt >= {{from}} and "partition".dt < {{to}}

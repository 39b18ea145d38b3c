-- Tool calls and their users by platform and tool, on the days of the window and beside it.
-- grain: dt, platform, tool_type
-- params: from date, to date
select
  dt,
  platform,
  tool_type,
  count(*) as calls_cnt,
  count(distinct user_id) as users_cnt
from silver_tool_calls
where dt >= {{from}} - interval '1' day and dt < {{to}} + interval '1' day
group by dt, platform, tool_type

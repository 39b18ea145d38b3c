-- Tool calls and their users by platform, for All, and tool, on each day of the window.
-- grain: grain, period_start, platform, tool_type
-- params: from date, to date
select
  'DAILY' as grain,
  dt as period_start,
  coalesce(platform, 'All') as platform,
  tool_type,
  count(*) as calls_cnt,
  count(distinct user_id) as users_cnt
from silver_tool_calls
where dt >= {{from}} and dt < {{to}}
group by grouping sets ((dt, platform, tool_type), (dt, tool_type))

-- Tools over all platforms, in the newest day.
-- grain: tool_type
-- params: none
with newest as (
  select max(period_start) as period_start
  from gold_time_series
  where grain = 'DAILY'
)
select g.tool_type, g.calls_cnt, g.users_cnt
from gold_tool_call_breakdown g
join newest n on n.period_start = g.period_start
where g.grain = 'DAILY' and g.platform = 'All'
order by g.calls_cnt desc, g.tool_type

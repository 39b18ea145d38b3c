-- The newest period of each grain, by platform.
-- grain: grain, platform
-- params: none
with newest as (
  select grain, max(period_start) as period_start
  from gold_time_series
  group by grain
)
select
  t.grain,
  t.period_start,
  s.complete_through,
  t.platform,
  t.active_users,
  t.rooms_cnt,
  t.messages_cnt,
  t.total_tokens,
  t.total_cost,
  t.cost_per_user,
  t.messages_per_user,
  t.tokens_per_message
from gold_time_series t
join newest n on n.grain = t.grain and n.period_start = t.period_start
join gold_period_status s on s.grain = t.grain and s.period_start = t.period_start
order by t.grain, t.active_users desc, t.platform

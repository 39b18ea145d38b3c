-- Messages, tokens and costs by platform, for All, and model, on each day of the window.
-- grain: grain, period_start, platform, model
-- params: from date, to date
with answered as (
  select
    dt,
    platform,
    coalesce(nullif(model, ''), 'Unknown') as model,
    prompt_tokens,
    completion_tokens,
    total_tokens,
    total_cost
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
)
select
  'DAILY' as grain,
  dt as period_start,
  coalesce(platform, 'All') as platform,
  model,
  count(*) as messages_cnt,
  cast(least(sum(cast(prompt_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
  cast(least(sum(cast(completion_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
  cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
  sum(total_cost) as total_cost
from answered
group by grouping sets ((dt, platform, model), (dt, model))

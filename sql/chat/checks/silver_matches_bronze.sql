-- Days whose cleaned facts do not add up to their de-duplicated bronze: ids missing or twice, or other token totals.
-- grain: dt, facts
-- params: from date, to date, keep_bronze_chat_events expression, keep_bronze_tool_calls expression
with deliveries as (
  select dt, chat_id, min(coalesce(prompt_tokens, 0)) as least_tokens, max(coalesce(prompt_tokens, 0)) as most_tokens
  from bronze_chat_events
  where dt >= {{from}} and dt < {{to}} and {{keep_bronze_chat_events}}
  group by dt, chat_id
),
bronze as (
  select
    dt,
    'messages' as facts,
    count(*) as ids,
    coalesce(sum(cast(least_tokens as decimal(38, 0))), 0) as least_tokens,
    coalesce(sum(cast(most_tokens as decimal(38, 0))), 0) as most_tokens
  from deliveries
  group by dt
  union all
  select dt, 'tool calls', count(distinct reasoning_steps_id), 0, 0
  from bronze_tool_calls
  where dt >= {{from}} and dt < {{to}} and {{keep_bronze_tool_calls}}
  group by dt
),
silver as (
  select
    dt,
    'messages' as facts,
    count(*) as kept,
    count(distinct chat_id) as ids,
    sum(cast(prompt_tokens as decimal(38, 0))) as tokens
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
  group by dt
  union all
  select dt, 'tool calls', count(*), count(distinct reasoning_steps_id), 0
  from silver_tool_calls
  where dt >= {{from}} and dt < {{to}}
  group by dt
)
select
  coalesce(bronze.dt, silver.dt) as dt,
  coalesce(bronze.facts, silver.facts) as facts,
  bronze.ids as bronze_ids,
  silver.ids as silver_ids,
  silver.kept as silver_rows,
  bronze.least_tokens,
  silver.tokens,
  bronze.most_tokens
from bronze
full outer join silver on silver.dt = bronze.dt and silver.facts = bronze.facts
where bronze.ids is distinct from silver.ids
  or silver.kept is distinct from silver.ids
  or silver.tokens < bronze.least_tokens
  or silver.tokens > bronze.most_tokens

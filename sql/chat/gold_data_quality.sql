-- What the data of each day looks like beside that of the days before: figures alone, each with its judgement.
-- grain: dt, check_name, subject, dimension_value
-- params: from date, to date, source_counts rows, freshness_hours integer, volume_warning decimal, volume_failure decimal, rejected_warning decimal, rejected_failure decimal, duplicate_share decimal, late_share decimal, unknown_share decimal, cost_jump decimal
with counted as (
  select dt, table_name, delivered, delivered_first
  from ({{source_counts}}) as counts (dt, table_name, delivered, delivered_first)
),
days as (
  select distinct dt from counted
),
daily as (
  select period_start as dt, messages_cnt, active_users, total_tokens, total_cost
  from gold_time_series
  where grain = 'DAILY'
    and platform = 'All'
    and period_start >= {{from}} - interval '28' day
    and period_start < {{to}}
),
kept as (
  select dt, 'silver_messages' as subject, 'bronze_chat_events' as source, messages_cnt as kept
  from daily
  union all
  select period_start, 'silver_tool_calls', 'bronze_tool_calls', sum(calls_cnt)
  from gold_tool_call_breakdown
  where grain = 'DAILY'
    and platform = 'All'
    and period_start >= {{from}} - interval '28' day
    and period_start < {{to}}
  group by period_start
),
present as (
  select days.dt, facts.subject, facts.source, coalesce(kept.kept, 0) as kept
  from days
  cross join (
    values ('silver_messages', 'bronze_chat_events'), ('silver_tool_calls', 'bronze_tool_calls')
  ) as facts (subject, source)
  left join kept on kept.dt = days.dt and kept.subject = facts.subject
),
weekdays as (
  select
    present.dt,
    present.subject,
    cast(present.kept as double) as value,
    avg(cast(before.kept as double)) as expected
  from present
  left join kept before
    on before.subject = present.subject
    and date_diff('day', before.dt, present.dt) in (7, 14, 21, 28)
  group by present.dt, present.subject, present.kept
),
delivered as (
  select present.dt, present.source, present.kept, counted.delivered, counted.delivered_first
  from present
  join counted on counted.dt = present.dt and counted.table_name = present.source
  where counted.delivered > 0
),
last_records as (
  select dt, 'silver_messages' as subject, 23 - extract(hour from max("timestamp")) as quiet_hours
  from silver_messages
  where dt >= {{from}} and dt < {{to}} and cast("timestamp" as date) = dt
  group by dt
  union all
  select dt, 'silver_tool_calls', 23 - extract(hour from max("timestamp"))
  from silver_tool_calls
  where dt >= {{from}} and dt < {{to}} and cast("timestamp" as date) = dt
  group by dt
),
rejected as (
  select dt, reason, count(*) as records
  from bronze_rejected_records
  where dt >= {{from}} and dt < {{to}}
  group by dt, reason
),
rejected_shares as (
  select
    days.dt,
    cast(coalesce(refused.records, 0) as double) / nullif(coalesce(refused.records, 0) + coalesce(arrived.records, 0), 0)
      as value
  from days
  left join (select dt, sum(records) as records from rejected group by dt) refused on refused.dt = days.dt
  left join (select dt, sum(delivered) as records from counted group by dt) arrived on arrived.dt = days.dt
),
dimensions as (
  select
    period_start as dt,
    dimension,
    dimension_value,
    active_users,
    lag(period_start) over (partition by dimension, dimension_value order by period_start) as seen_before,
    min(period_start) over (partition by dimension) as first_day
  from gold_active_user_breakdown
  where grain = 'DAILY'
    and platform = 'All'
    and period_start >= {{from}} - interval '28' day
    and period_start < {{to}}
),
unknown as (
  select
    dimensions.dt,
    dimensions.dimension as dimension_value,
    cast(max(case when dimensions.dimension_value = 'Unknown' then dimensions.active_users else 0 end) as double)
      / daily.active_users as value
  from dimensions
  join daily on daily.dt = dimensions.dt
  where dimensions.dt >= {{from}}
  group by dimensions.dt, dimensions.dimension, daily.active_users
  union all
  select
    period_start,
    'MODEL',
    cast(sum(case when model = 'Unknown' then messages_cnt else 0 end) as double) / sum(messages_cnt)
  from gold_model_breakdown
  where grain = 'DAILY' and platform = 'All' and period_start >= {{from}} and period_start < {{to}}
  group by period_start
),
costs as (
  select
    daily.dt,
    cast(daily.total_cost as double) * 1000 / daily.total_tokens as value,
    cast(sum(before.total_cost) as double) * 1000 / nullif(cast(sum(cast(before.total_tokens as decimal(38, 0))) as double), 0) as expected
  from daily
  left join daily before on date_diff('day', before.dt, daily.dt) between 1 and 7
  where daily.dt >= {{from}} and daily.total_tokens > 0
  group by daily.dt, daily.total_cost, daily.total_tokens
),
findings as (
  select
    dt,
    'freshness' as check_name,
    subject,
    '' as dimension_value,
    cast(quiet_hours as double) as value,
    cast(null as double) as expected,
    case when quiet_hours > {{freshness_hours}} then 'warning' else 'ok' end as severity
  from last_records
  union all
  select
    dt,
    'volume',
    subject,
    '',
    value,
    expected,
    case
      when value < expected * (1 - {{volume_failure}}) then 'failure'
      when abs(value - expected) > expected * {{volume_warning}} then 'warning'
      else 'ok'
    end
  from weekdays
  union all
  select
    dt,
    'duplicates',
    source,
    '',
    cast(delivered - kept as double) / delivered,
    cast(null as double),
    case when cast(delivered - kept as double) / delivered > {{duplicate_share}} then 'warning' else 'ok' end
  from delivered
  union all
  select
    dt,
    'late',
    source,
    '',
    cast(delivered - delivered_first as double) / delivered,
    cast(null as double),
    case when cast(delivered - delivered_first as double) / delivered > {{late_share}} then 'warning' else 'ok' end
  from delivered
  union all
  select dt, 'rejected', 'bronze_rejected_records', reason, cast(records as double), cast(null as double), 'ok'
  from rejected
  union all
  select
    dt,
    'rejected share',
    'bronze_rejected_records',
    '',
    value,
    cast(null as double),
    case when value > {{rejected_failure}} then 'failure' when value > {{rejected_warning}} then 'warning' else 'ok' end
  from rejected_shares
  where value is not null
  union all
  select
    dt,
    'unknown share',
    'gold_active_user_breakdown',
    dimension_value,
    value,
    cast(null as double),
    case when value > {{unknown_share}} then 'warning' else 'ok' end
  from unknown
  union all
  select
    dt,
    'new value',
    dimension,
    dimension_value,
    cast(active_users as double),
    cast(null as double),
    'warning'
  from dimensions
  where dt >= {{from}}
    and first_day < dt
    and dimension in ('COUNTRY', 'PLATFORM')
    and dimension_value <> 'OTHER'
    and (seen_before is null or date_diff('day', seen_before, dt) > 28)
  union all
  select
    dt,
    'cost per 1,000 tokens',
    'gold_time_series',
    '',
    value,
    expected,
    case when value > expected * {{cost_jump}} or value * {{cost_jump}} < expected then 'warning' else 'ok' end
  from costs
)
select dt, check_name, subject, dimension_value, value, expected, severity
from findings

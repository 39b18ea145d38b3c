-- Distributions whose buckets do not add up to the users or rooms of the time series, or that lack one of the nine.
-- grain: period_start, platform, metric_name, entity
-- params: from date, to date, period_grain text
with buckets as (
  select period_start, platform, metric_name, entity, sum(entity_cnt) as entities, count(*) as buckets_cnt
  from gold_bucket_distribution
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
  group by period_start, platform, metric_name, entity
),
totals as (
  select period_start, platform, active_users, rooms_cnt, messages_cnt
  from gold_time_series
  where grain = {{period_grain}} and period_start >= {{from}} and period_start < {{to}}
)
select buckets.period_start, metric_name, entity, buckets_cnt, entities, active_users, rooms_cnt
from buckets
left join totals on totals.period_start = buckets.period_start and totals.platform = buckets.platform
where buckets_cnt <> 9
  or (entity = 'USER' and entities is distinct from active_users)
  or (entity = 'ROOM' and entities is distinct from rooms_cnt)
  or (entity = 'MESSAGE' and {{period_grain}} = 'DAILY' and entities > messages_cnt)
union all
select totals.period_start, 'none', 'none', 0, 0, active_users, rooms_cnt
from totals
left join buckets on buckets.period_start = totals.period_start and buckets.platform = totals.platform
where buckets.period_start is null and active_users > 0

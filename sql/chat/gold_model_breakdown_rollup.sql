-- Weeks and months of the models: sums of their days' gold.
-- grain: grain, period_start, platform, model
-- params: from date, to date, period_grain text, period_of_day expression
select
  {{period_grain}} as grain,
  {{period_of_day}} as period_start,
  platform,
  model,
  sum(messages_cnt) as messages_cnt,
  cast(least(sum(cast(input_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
  cast(least(sum(cast(output_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
  cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
  sum(total_cost) as total_cost
from gold_model_breakdown
where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
group by 2, 3, 4

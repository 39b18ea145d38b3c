-- Weeks and months of the models: sums of their days' gold.
-- grain: grain, period_start, platform, model
-- params: from date, to date, period_grain text, period_of_day expression
select
  {{period_grain}} as grain,
  {{period_of_day}} as period_start,
  platform,
  model,
  sum(messages_cnt) as messages_cnt,
  sum(input_tokens) as input_tokens,
  sum(output_tokens) as output_tokens,
  sum(total_tokens) as total_tokens,
  sum(total_cost) as total_cost
from gold_model_breakdown
where grain = 'DAILY' and period_start >= {{from}} and period_start < {{to}}
group by 2, 3, 4

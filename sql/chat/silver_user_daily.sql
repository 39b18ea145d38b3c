-- What each user did on each platform on each day of the window.
-- grain: dt, platform, user_id
-- params: from date, to date
select
  dt,
  platform,
  user_id,
  count(*) as messages_cnt,
  count(distinct room_id) as rooms_cnt,
  cast(least(sum(cast(prompt_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
  cast(least(sum(cast(completion_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
  cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
  sum(input_tokens_cost) as input_tokens_cost,
  sum(output_tokens_cost) as output_tokens_cost,
  sum(request_cost) as request_cost,
  sum(total_cost) as total_cost
from silver_messages
where dt >= {{from}} and dt < {{to}}
group by dt, platform, user_id

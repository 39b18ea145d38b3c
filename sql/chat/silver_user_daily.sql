-- What each user did on each platform on each day of the window.
-- grain: dt, platform, user_id
-- params: from date, to date
select
  dt,
  platform,
  user_id,
  count(*) as messages_cnt,
  count(distinct room_id) as rooms_cnt,
  sum(prompt_tokens) as input_tokens,
  sum(completion_tokens) as output_tokens,
  sum(total_tokens) as total_tokens,
  sum(input_tokens_cost) as input_tokens_cost,
  sum(output_tokens_cost) as output_tokens_cost,
  sum(request_cost) as request_cost,
  sum(total_cost) as total_cost
from silver_messages
where dt >= {{from}} and dt < {{to}}
group by dt, platform, user_id

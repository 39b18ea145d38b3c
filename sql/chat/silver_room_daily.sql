-- What happened in each room on each platform on each day of the window.
-- grain: dt, platform, room_id
-- params: from date, to date
select
  dt,
  platform,
  room_id,
  count(*) as messages_cnt,
  sum(prompt_tokens) as input_tokens,
  sum(completion_tokens) as output_tokens,
  sum(total_tokens) as total_tokens,
  sum(total_cost) as total_cost
from silver_messages
where dt >= {{from}} and dt < {{to}}
group by dt, platform, room_id

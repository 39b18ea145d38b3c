-- What happened in each room on each platform on each day of the window.
-- grain: dt, platform, room_id
-- params: from date, to date
select
  dt,
  platform,
  room_id,
  count(*) as messages_cnt,
  cast(least(sum(cast(prompt_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as input_tokens,
  cast(least(sum(cast(completion_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as output_tokens,
  cast(least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as bigint) as total_tokens,
  sum(total_cost) as total_cost
from silver_messages
where dt >= {{from}} and dt < {{to}}
group by dt, platform, room_id

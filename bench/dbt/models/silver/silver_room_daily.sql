select
  dt,
  platform,
  room_id,
  count(*) as messages_cnt,
  sum(prompt_tokens)::bigint as input_tokens,
  sum(completion_tokens)::bigint as output_tokens,
  sum(total_tokens)::bigint as total_tokens,
  sum(total_cost) as total_cost
from {{ ref('silver_messages') }}
where {{ new_days() }}
group by all

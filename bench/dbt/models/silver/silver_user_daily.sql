select
  dt,
  platform,
  user_id,
  count(*) as messages_cnt,
  count(distinct room_id) as rooms_cnt,
  sum(prompt_tokens)::bigint as input_tokens,
  sum(completion_tokens)::bigint as output_tokens,
  sum(total_tokens)::bigint as total_tokens,
  sum(input_tokens_cost) as input_tokens_cost,
  sum(output_tokens_cost) as output_tokens_cost,
  sum(request_cost) as request_cost,
  sum(total_cost) as total_cost
from {{ ref('silver_messages') }}
where {{ new_days() }}
group by all

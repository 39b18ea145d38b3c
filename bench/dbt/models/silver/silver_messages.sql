with delivered as (
  select *
  from {{ source('bronze', 'bronze_chat_events') }}
  where {{ new_days() }}
  qualify row_number() over (
    partition by dt, chat_id
    order by
      user_id, room_id, "timestamp", model, prompt_tokens, completion_tokens, total_tokens,
      input_tokens_cost, output_tokens_cost, request_cost, total_cost,
      country, platform, si_version, device, res_status, res_type
  ) = 1
),
cleaned as (
  select * replace (
    coalesce(prompt_tokens, 0) as prompt_tokens,
    coalesce(completion_tokens, 0) as completion_tokens,
    coalesce(input_tokens_cost, 0) as input_tokens_cost,
    coalesce(output_tokens_cost, 0) as output_tokens_cost,
    coalesce(request_cost, 0) as request_cost,
    coalesce(upper(nullif(country, '')), 'Unknown') as country,
    coalesce(nullif(nullif(platform, ''), 'All'), 'Unknown') as platform,
    coalesce(nullif(si_version, ''), 'Unknown') as si_version,
    coalesce(nullif(device, ''), 'Unknown') as device,
    coalesce(nullif(res_status, ''), 'Unknown') as res_status,
    coalesce(nullif(res_type, ''), 'Unknown') as res_type
  )
  from delivered
)
select
  cleaned.* replace (
    coalesce(total_tokens, prompt_tokens + completion_tokens) as total_tokens,
    coalesce(total_cost, input_tokens_cost + output_tokens_cost + request_cost)::decimal(18, 9) as total_cost
  ),
  coalesce(regions.region, 'Unknown') as region
from cleaned
left join {{ ref('regions') }} regions on regions.country = cleaned.country

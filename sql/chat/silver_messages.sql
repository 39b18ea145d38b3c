-- Each chat message of the window once, cleaned.
-- grain: chat_id
-- params: from date, to date, regions rows, all_platforms boolean, platforms texts, keep_bronze_chat_events expression
with regions (country, region) as (
  {{regions}}
),
delivered as (
  select
    *,
    row_number() over (
      partition by dt, chat_id
      order by
        user_id, room_id, "timestamp", model, prompt_tokens, completion_tokens, total_tokens,
        input_tokens_cost, output_tokens_cost, request_cost, total_cost,
        country, platform, si_version, device, res_status, res_type
    ) as delivery
  from bronze_chat_events
  where dt >= {{from}} and dt < {{to}} and {{keep_bronze_chat_events}}
),
cleaned as (
  select
    chat_id,
    user_id,
    room_id,
    "timestamp",
    dt,
    model,
    coalesce(prompt_tokens, 0) as prompt_tokens,
    coalesce(completion_tokens, 0) as completion_tokens,
    total_tokens,
    coalesce(input_tokens_cost, 0) as input_tokens_cost,
    coalesce(output_tokens_cost, 0) as output_tokens_cost,
    coalesce(request_cost, 0) as request_cost,
    total_cost,
    coalesce(upper(nullif(country, '')), 'Unknown') as country,
    coalesce(nullif(nullif(platform, ''), 'All'), 'Unknown') as platform,
    coalesce(nullif(si_version, ''), 'Unknown') as si_version,
    coalesce(nullif(device, ''), 'Unknown') as device,
    coalesce(nullif(res_status, ''), 'Unknown') as res_status,
    coalesce(nullif(res_type, ''), 'Unknown') as res_type
  from delivered
  where delivery = 1
)
select
  chat_id,
  user_id,
  room_id,
  "timestamp",
  dt,
  model,
  prompt_tokens,
  completion_tokens,
  coalesce(
    total_tokens,
    cast(least(cast(prompt_tokens as decimal(38, 0)) + completion_tokens, 9223372036854775807) as bigint)
  ) as total_tokens,
  input_tokens_cost,
  output_tokens_cost,
  request_cost,
  coalesce(
    total_cost,
    cast(least(input_tokens_cost + output_tokens_cost + request_cost, 999999999.999999999) as decimal(18, 9))
  ) as total_cost,
  cleaned.country as country,
  case when {{all_platforms}} or platform in ('Unknown', {{platforms}}) then platform else 'Other' end as platform,
  si_version,
  device,
  res_status,
  res_type,
  coalesce(regions.region, 'Unknown') as region
from cleaned
left join regions on regions.country = cleaned.country

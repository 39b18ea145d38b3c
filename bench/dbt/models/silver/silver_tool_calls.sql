with delivered as (
  select reasoning_steps_id, chat_id, user_id, "timestamp", dt, coalesce(nullif(tool_type, ''), 'Unknown') as tool_type
  from {{ source('bronze', 'bronze_tool_calls') }}
  where {{ new_days() }}
  qualify row_number() over (
    partition by dt, reasoning_steps_id order by chat_id, user_id, "timestamp", tool_type
  ) = 1
),
calls as (
  select * from delivered
  {% if is_incremental() %}
  union all
  select reasoning_steps_id, chat_id, user_id, "timestamp", dt, tool_type
  from {{ this }}
  where dt = (select max(dt) from {{ this }})
  {% endif %}
),
chats as (
  select chat_id, dt, platform
  from {{ ref('silver_messages') }}
  {% if is_incremental() %}
  where dt >= (select max(dt) from {{ this }}) - interval 1 day
  {% endif %}
)
select
  calls.reasoning_steps_id,
  calls.chat_id,
  calls.user_id,
  calls."timestamp",
  calls.dt,
  coalesce(chats.platform, 'Unknown') as platform,
  calls.tool_type
from calls
left join chats
  on chats.chat_id = calls.chat_id
  and chats.dt between calls.dt - interval 1 day and calls.dt + interval 1 day
qualify row_number() over (
  partition by calls.dt, calls.reasoning_steps_id
  order by abs(date_diff('day', calls.dt, chats.dt)), chats.dt
) = 1

-- Each tool call of the window once, with the platform of its chat on the same, the previous or the next day.
-- grain: reasoning_steps_id
-- params: from date, to date, keep_bronze_tool_calls expression
with delivered as (
  select
    *,
    row_number() over (
      partition by dt, reasoning_steps_id
      order by chat_id, user_id, "timestamp", tool_type
    ) as delivery
  from bronze_tool_calls
  where dt >= {{from}} and dt < {{to}} and {{keep_bronze_tool_calls}}
),
chats as (
  select chat_id, dt, platform
  from silver_messages
  where dt >= {{from}} - interval '1' day and dt < {{to}} + interval '1' day
),
calls as (
  select
    delivered.reasoning_steps_id,
    delivered.chat_id,
    delivered.user_id,
    delivered."timestamp",
    delivered.dt,
    chats.platform,
    coalesce(nullif(delivered.tool_type, ''), 'Unknown') as tool_type,
    row_number() over (
      partition by delivered.dt, delivered.reasoning_steps_id
      order by abs(date_diff('day', delivered.dt, chats.dt)), chats.dt
    ) as nearest
  from delivered
  left join chats
    on chats.chat_id = delivered.chat_id
    and chats.dt >= delivered.dt - interval '1' day
    and chats.dt <= delivered.dt + interval '1' day
  where delivered.delivery = 1
)
select
  reasoning_steps_id,
  chat_id,
  user_id,
  "timestamp",
  dt,
  coalesce(platform, 'Unknown') as platform,
  tool_type
from calls
where nearest = 1

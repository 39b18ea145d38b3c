-- The platform of the chats of tool calls on the days beside the window again, since chats of the window may give them
-- theirs. When the window is new, only calls that have no platform yet can get one, and only from its chats.
-- grain: chat_id, dt
-- params: from date, to date, first_build boolean
with calls as (
  select distinct chat_id, dt
  from silver_tool_calls
  where dt >= {{from}} - interval '1' day and dt < {{to}} + interval '1' day
    and not (dt >= {{from}} and dt < {{to}})
    and (not {{first_build}} or platform = 'Unknown')
),
chats as (
  select chat_id, dt, platform
  from silver_messages
  where dt >= {{from}} - interval '2' day and dt < {{to}} + interval '2' day
    and not (dt > {{from}} and dt < {{to}} - interval '1' day)
    and (not {{first_build}} or dt = {{from}})
),
placed as (
  select
    calls.*,
    chats.platform,
    row_number() over (
      partition by calls.dt, calls.chat_id
      order by abs(date_diff('day', calls.dt, chats.dt)), chats.dt
    ) as nearest
  from calls
  left join chats
    on chats.chat_id = calls.chat_id
    and chats.dt >= calls.dt - interval '1' day
    and chats.dt <= calls.dt + interval '1' day
)
select
  chat_id,
  dt,
  coalesce(platform, 'Unknown') as platform
from placed
where nearest = 1 and (not {{first_build}} or platform is not null)

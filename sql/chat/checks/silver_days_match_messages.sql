-- Days on which a derived silver table does not add up to the messages or tool calls it is made from, or repeats a key.
-- grain: dt, made_from
-- params: from date, to date
with messages as (
  select
    dt,
    count(*) as entries,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as tokens,
    sum(total_cost) as cost,
    count(distinct user_id) as users
  from silver_messages
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
users as (
  select
    dt,
    sum(messages_cnt) as entries,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as tokens,
    sum(total_cost) as cost,
    count(distinct user_id) as users,
    count(*) as keys_cnt
  from silver_user_daily
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
rooms as (
  select
    dt,
    sum(messages_cnt) as entries,
    least(sum(cast(total_tokens as decimal(38, 0))), 9223372036854775807) as tokens,
    sum(total_cost) as cost
  from silver_room_daily
  where dt >= {{from}} and dt < {{to}}
  group by dt
),
calls as (
  select dt, count(*) as entries
  from silver_tool_calls
  where dt >= {{from}} - interval '1' day and dt < {{to}} + interval '1' day
  group by dt
),
tools as (
  select dt, sum(calls_cnt) as entries
  from silver_tool_daily
  where dt >= {{from}} - interval '1' day and dt < {{to}} + interval '1' day
  group by dt
),
expected as (
  select dt, made_from, entries, tokens, cost, case when made_from = 'silver_user_daily' then users end as users
  from messages
  cross join (values ('silver_user_daily'), ('silver_room_daily')) as made (made_from)
),
found as (
  select dt, 'silver_user_daily' as made_from, entries, tokens, cost, users
  from users
  union all
  select dt, 'silver_room_daily', entries, tokens, cost, null
  from rooms
),
breakdown as (
  select dt, sum(active_users) as users
  from silver_active_user_breakdown_daily
  where dt >= {{from}} and dt < {{to}} and dimension = 'PLATFORM'
  group by dt
)
select
  coalesce(expected.dt, found.dt) as dt,
  coalesce(expected.made_from, found.made_from) as made_from,
  expected.entries as expected,
  found.entries as found
from expected
full outer join found on found.dt = expected.dt and found.made_from = expected.made_from
where expected.entries is distinct from found.entries
  or expected.tokens is distinct from found.tokens
  or expected.cost is distinct from found.cost
  or expected.users is distinct from found.users
union all
select coalesce(calls.dt, tools.dt), 'silver_tool_daily', calls.entries, tools.entries
from calls
full outer join tools on tools.dt = calls.dt
where calls.entries is distinct from tools.entries
union all
select coalesce(users.dt, breakdown.dt), 'silver_active_user_breakdown_daily', users.keys_cnt, breakdown.users
from users
full outer join breakdown on breakdown.dt = users.dt
where users.keys_cnt is distinct from breakdown.users

select dt, platform, tool_type, count(*) as calls_cnt, count(distinct user_id) as users_cnt
from {{ ref('silver_tool_calls') }}
where {{ new_days_and_the_one_before() }}
group by all

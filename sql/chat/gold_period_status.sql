-- What is known of each period that a run has built or made final.
-- grain: grain, period_start
-- params: periods rows
select grain, period_start, state, built_at, complete_through
from (
  {{periods}}
) periods (grain, period_start, state, built_at, complete_through)

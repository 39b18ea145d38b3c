-- How many rows of a table belong to the one subject of a probe.
-- grain: none
-- params: table identifier, person identifier, batch text
select count(*) as rows_cnt
from {{table}}
where exists (
  select 1 from dsr_subjects where dsr_subjects.batch = {{batch}} and dsr_subjects.subject = {{person}}
)

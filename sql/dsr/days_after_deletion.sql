-- The rows of each day of a window after a deletion: all of them, and those still in the scope of the batch.
-- grain: day
-- params: table identifier, scope expression, event_day expression, person identifier, in_time expression, batch text
select
  {{event_day}} as day,
  count(*) as all_rows,
  count(subjects.subject) as subject_rows
from {{table}}
left join (
  select subject, scope_ends
  from dsr_subjects
  where batch = {{batch}}
) subjects on subjects.subject = {{person}} and {{in_time}}
where {{scope}}
group by 1

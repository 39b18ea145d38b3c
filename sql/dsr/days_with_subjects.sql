-- The days on which a table holds rows in the scope of a batch: all their rows, and those of the batch's subjects.
-- grain: day
-- params: table identifier, scope expression, event_day expression, person identifier, instant identifier, batch text
select
  {{event_day}} as day,
  count(*) as all_rows,
  count(subjects.subject) as subject_rows
from {{table}}
left join (
  select subject, scope_ends
  from dsr_subjects
  where batch = {{batch}}
) subjects on subjects.subject = {{person}} and {{instant}} <= subjects.scope_ends
where {{scope}}
group by 1
having count(subjects.subject) > 0

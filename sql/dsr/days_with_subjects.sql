-- The days on which a table holds rows in the scope of a batch: for each file with such rows, all its rows and those of the batch's subjects; all other rows of the day stand without a file.
-- grain: day, file
-- params: table identifier, scope expression, event_day expression, file expression, person identifier, in_time expression, batch text
with counted as (
  select
    {{event_day}} as day,
    {{file}} as file,
    count(*) as all_rows,
    count(subjects.subject) as subject_rows
  from {{table}}
  left join (
    select subject, scope_ends
    from dsr_subjects
    where batch = {{batch}}
  ) subjects on subjects.subject = {{person}} and {{in_time}}
  where {{scope}}
  group by 1, 2
),
days as (
  select
    *,
    sum(subject_rows) over (partition by day) as rows_of_subjects
  from counted
)
select
  day,
  case when subject_rows > 0 then file end as file,
  sum(all_rows) as all_rows,
  sum(subject_rows) as subject_rows
from days
where rows_of_subjects > 0
group by 1, 2

-- Deletes the rows in the scope of a batch from days of a table. The people are joined: none of them is in the text.
-- grain: none
-- params: table identifier, scope expression, person identifier, in_time expression, batch text
delete from {{table}}
where {{scope}}
  and exists (
    select 1
    from dsr_subjects subjects
    where subjects.batch = {{batch}}
      and subjects.subject = {{person}}
      and {{in_time}}
  )

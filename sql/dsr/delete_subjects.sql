-- Deletes the rows in the scope of a batch from days of a table. The people are joined: none of them is in the text.
-- grain: none
-- params: table identifier, scope expression, person identifier, instant identifier, batch text
delete from {{table}}
where {{scope}}
  and exists (
    select 1
    from dsr_subjects
    where dsr_subjects.batch = {{batch}}
      and dsr_subjects.subject = {{person}}
      and {{instant}} <= dsr_subjects.scope_ends
  )

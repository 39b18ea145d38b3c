-- Deletes the rows in the scope of a batch from days of a table. The people are joined: none of them is in the text. The
-- column of people is not compared bare, or the engine reads its dictionaries first, to look for files without them, and again
-- with the rest of the column: every file of the days holds one of them.
-- grain: none
-- params: table identifier, scope expression, person identifier, in_time expression, batch text
delete from {{table}}
where {{scope}}
  and exists (
    select 1
    from dsr_subjects subjects
    where subjects.batch = {{batch}}
      and subjects.subject = coalesce({{person}}, '')
      and {{in_time}}
  )

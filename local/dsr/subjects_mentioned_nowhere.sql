-- How many subjects of a batch stand in no text of any table, neither whole nor as a part of another one.
-- grain: none
-- params: batch text, nowhere expression
select count(*) as subjects_cnt
from dsr_subjects
where dsr_subjects.batch = {{batch}} and {{nowhere}}

-- How many rows of a derived table name a subject who has no row left in any table that it is made from.
-- grain: none
-- params: table identifier, person identifier, batch text, nowhere expression
select count(*) as rows_cnt
from {{table}} derived
join dsr_subjects on dsr_subjects.batch = {{batch}} and dsr_subjects.subject = derived.{{person}}
where {{nowhere}}

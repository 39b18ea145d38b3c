-- How many rows of a table hold the one subject of a probe in any of their texts, their own or as a part of another.
-- grain: none
-- params: table identifier, mentions expression, batch text
select count(*) as rows_cnt
from {{table}}
where exists (select 1 from dsr_subjects where dsr_subjects.batch = {{batch}} and ({{mentions}}))

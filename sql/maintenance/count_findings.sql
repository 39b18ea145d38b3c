-- How many findings about the data of each of the newest days are worth a look.
-- grain: dt
-- params: quality identifier, to date
select
  dt,
  count(*) filter (where severity = 'warning') as warnings,
  count(*) filter (where severity = 'failure') as failures
from {{quality}}
where dt >= {{to}} - interval '5' day and dt < {{to}}
group by dt
order by dt desc

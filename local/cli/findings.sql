-- What about the data of the newest seven judged days is worth a look.
-- grain: dt, check_name, subject, dimension_value
-- params: table identifier
select dt, check_name, subject, dimension_value, value, expected, severity
from {{table}}
where severity <> 'ok'
  and dt > (select max(dt) from {{table}}) - interval '7' day
order by dt desc, severity, check_name, subject, dimension_value

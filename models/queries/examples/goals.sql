-- How every goal stands, with what it rests on
select name, round(value, 3) as value, n, direction, target, due_on, owner, status
from goal_status
order by status, name;

-- Whoever takes calls or complaints, by name.
select distinct name
from (select agent_id as name from queue_visits union all select agent_id from calls union all select received_by from complaints)
where name is not null
order by name
limit 1000

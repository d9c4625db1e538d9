-- Half hours of the week below their goal with at least $least calls, by how many calls were not answered in time.
select weekday, slot, offered, service_level, goal, late
from waits_between('slot', $start, $end, $queues, $hours)
where offered >= $least and service_level < goal
order by late desc, service_level, weekday, slot
limit $limit

-- One row per queue, agent or customer segment ($split) in a half-open period, at most $most, those with most calls first.
select * exclude (interval_start, local_day, weekday, slot, is_open)
from waits_by('all', $split, from_at := $start, until_at := $end, queues := $queues, hours := $hours)
where part is not null
order by offered desc, part
limit $most

-- The measures of a half-open period by time ($grain: quarter, half_hour, hour, day, week, month) and queue, to download.
select timezone($zone, interval_start)::varchar as local_start, interval_start, part as queue,
       * exclude (interval_start, part, local_day, weekday, slot, highest_threshold_s)
from waits_by($grain, 'queue', from_at := $start, until_at := $end, queues := $queues, hours := $hours)
order by interval_start, queue
limit $most

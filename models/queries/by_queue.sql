-- One row per queue in a half-open period.
from waits_between('queue', $start, $end, $queues, $hours) order by queue

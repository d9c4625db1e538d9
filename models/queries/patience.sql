-- How long callers are ready to wait in a half-open period: see the table macro patience.
from patience($start, $end, $queues, $hours) order by wait_s

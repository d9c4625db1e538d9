-- One row per ISO weekday (1 is Monday) and half hour of the day (0 to 47) of the call centre's clock.
from waits_between('slot', $start, $end, $queues, $hours) order by weekday, slot

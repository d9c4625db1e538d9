-- One row per day, week or month ($grain) of the call centre's calendar in a half-open period; day is its first day.
from waits_between($grain, $start, $end, $queues, $hours) order by day

-- How many staged events may be repeats (0: certainly none). Formula: rows − distinct (time, call, event, data1).
select count(*) - count(distinct hash(event_at, call_id, event, data1))
from staged_events
where reason is null

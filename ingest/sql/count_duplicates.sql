-- How many staged events may be repeats (0: certainly none). Formula: rows − distinct (time, call, event, data1), among
-- events of no stay and those of calls that grouping can't tell apart: an event of any other call is the only one of its kind.
select count(*) - count(distinct hash(event_at, call_id, event, data1))
from staged_events
where reason is null
    and (kind = 0 or call_id in (select call_id from mended_calls union all select call_id from stay_parts where not plain))

-- Grain: one row per new record. Parameter: source.
insert into queue_events by name
select event_at, call_id, queue, agent_id, event, data1, cast($source as varchar) as source, line_no
from staged_records
where reason is null
order by event_at

-- Grain: one row per new event. Parameters: source, first_line.
insert into queue_events
select event_at, call_id, queue, agent_id, event, data1, data2, data3, data4, data5,
    cast($source as varchar), cast($first_line as bigint) + rowid
from staged_events
where reason is null

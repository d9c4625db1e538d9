-- Grain: one row per new event. Parameters: source, to_line (from rowid to line number).
insert into queue_events
select event_at, call_id, queue, agent_id, event, data1, data2, data3, data4, data5,
    cast($source as varchar), rowid + cast($to_line as bigint)
from staged_events
where reason is null

-- The staged events as the store keeps them. to_line leads from their rowid to the number of their line.
create or replace temp macro new_events(source, to_line) as table
    select event_at, call_id, queue, agent_id, event, data1, data2, data3, data4, data5,
        cast(source as varchar) as source, rowid + cast(to_line as bigint) as line_no
    from staged_events
    where reason is null;

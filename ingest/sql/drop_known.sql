-- Sets aside staged events that the store has with the same content. Parameters: first_at, last_at of the stored.
delete from staged_events
where rowid in (
    select s.rowid
    from staged_events s
    semi join (
        select * from queue_events
        where event_at between cast($first_at as timestamptz) and cast($last_at as timestamptz)
    ) e on e.event_at = s.event_at and e.call_id = s.call_id and e.event = s.event and e.queue = s.queue
        and e.agent_id = s.agent_id and e.data1 is not distinct from s.data1
        and e.data2 is not distinct from s.data2 and e.data3 is not distinct from s.data3
        and e.data4 is not distinct from s.data4 and e.data5 is not distinct from s.data5
    where s.event_at between cast($first_at as timestamptz) and cast($last_at as timestamptz)
)

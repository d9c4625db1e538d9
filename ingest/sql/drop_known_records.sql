-- Sets aside staged records that the store has with the same content.
delete from staged_records
where rowid in (
    select s.rowid
    from staged_records s
    semi join (
        select * from queue_events
        where event_at between (select min(event_at) from staged_records) and (select max(event_at) from staged_records)
    ) e on e.event_at = s.event_at and e.call_id = s.call_id and e.queue = s.queue and e.agent_id = s.agent_id
        and e.event = s.event and e.data1 = s.data1
    where s.reason is null
)

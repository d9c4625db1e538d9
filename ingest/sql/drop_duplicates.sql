-- Sets aside staged events whose whole content came before in the same piece.
delete from staged_events
where rowid in (
    select line
    from (
        select rowid as line, row_number() over (
            partition by event_at, call_id, queue, agent_id, event, data1, data2, data3, data4, data5
            order by rowid) as nth
        from staged_events
        where reason is null
    )
    where nth > 1
)

-- Sets aside staged records whose whole content came before in the same batch.
delete from staged_records
where rowid in (
    select line
    from (
        select rowid as line,
            row_number() over (partition by event_at, call_id, queue, agent_id, event, data1 order by line_no) as nth
        from staged_records
        where reason is null
    )
    where nth > 1
)

-- Refused stays of touched calls, before they are judged again (a refused record is never in queue_events).
delete from rejected_rows
where (source, line_no, raw) in (
    select (e.source, e.line_no, left(concat(e.event, ' ', e.data1), 2000))
    from queue_events e semi join touched_calls t on t.call_id = e.call_id
)

-- Refused stays of mended calls, before they are judged again (refused lines are never in queue_events).
delete from rejected_rows
where (source, line_no) in (
    select source, line_no from queue_events semi join mended_calls using (call_id)
    where source in (select source from rejected_rows)
)

-- Stays of touched calls, before they are made again. Parameter: format.
delete from queue_visits where format = $format and call_id in (select call_id from touched_calls)

-- Visits that newer lines replace.
delete from queue_visits
where (call_id, queue, entered_at) in (select (call_id, queue, entered_at) from merged_visits)

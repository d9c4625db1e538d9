-- Recordings and transcripts of touched calls of which a visit says that the customer did not agree.
with refused as (
    select distinct call_id from queue_visits semi join touched_calls using (call_id) where consent = false
)
select call_id, path as source from recordings semi join refused using (call_id)
union
select call_id, coalesce(file_path, 'transcript') from transcripts semi join refused using (call_id) where origin = 'file'

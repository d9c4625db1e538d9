-- Calls whose transcript was not read for problem statements by this version ($1), in the order in which they were loaded.
select t.call_id, coalesce(t.language, c.language) as language, t.loaded_at as transcript_loaded_at
from transcripts t
left join calls c using (call_id)
left join statement_calls s on s.call_id = t.call_id and s.transcript_loaded_at = t.loaded_at and s.version = $1
where s.call_id is null
order by t.rowid

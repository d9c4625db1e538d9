-- Calls whose transcript has no prediction by the weights of this version (parameter 1).
select t.call_id
from transcripts t
left join satisfaction s on s.call_id = t.call_id and s.transcript_loaded_at = t.loaded_at and s.version = ?
where s.call_id is null
order by t.call_id

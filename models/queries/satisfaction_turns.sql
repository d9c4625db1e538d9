-- Turns of the calls in parameter 1, call by call in the order of speaking, with the language of their transcript.
select t.call_id, t.speaker, t.text, r.language
from turns t
join transcripts r using (call_id)
where t.call_id in (select unnest(?::varchar[]))
order by t.call_id, t.turn_no

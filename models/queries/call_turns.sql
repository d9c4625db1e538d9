-- The transcript of one call, turn by turn. Parameter: call_id.
select turn_no, speaker, start_s, end_s, text, words
from turns
where call_id = $call_id
order by turn_no

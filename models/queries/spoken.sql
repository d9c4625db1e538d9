-- What was said in one call, turn by turn. Parameter: call_id.
select call_id, turn_no, speaker, start_s, text
from turns
where call_id = $call_id
order by turn_no

-- The turns of the calls in `batch`, call by call.
select t.call_id, t.turn_no, t.speaker, t.text, t.start_s, t.end_s, t.confidence
from turns t semi join batch b on b.call_id = t.call_id
order by t.call_id, t.turn_no

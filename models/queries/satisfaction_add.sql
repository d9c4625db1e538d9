-- Predictions of one batch (satisfaction_made: call_id, predicted) by the weights of this version (parameter 1).
insert into satisfaction
select m.call_id, round(m.predicted, 3), ? as version, t.loaded_at
from satisfaction_made m
join transcripts t using (call_id)

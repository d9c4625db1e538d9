-- What belongs to a call belongs to a call that is there, and calls say rightly what they have.
select 'turn without transcript' as what, call_id from (select distinct call_id from turns) anti join transcripts using (call_id)
union all
select 'visit without call', call_id from (select distinct call_id from queue_visits) anti join calls using (call_id)
union all
select 'recording without call', call_id from recordings anti join calls using (call_id)
union all
select 'transcript without call', call_id from transcripts anti join calls using (call_id)
union all
select 'wrong has_recording', call_id from calls where has_recording <> (call_id in (select call_id from recordings))
union all
select 'wrong has_transcript', call_id from calls where has_transcript <> (call_id in (select call_id from transcripts))
union all
select 'call without a source', call_id from calls where visits = 0 and not has_recording and not has_transcript
union all
select 'wrong turn count', t.call_id
from transcripts t left join (select call_id, count(*) as turns from turns group by call_id) n using (call_id)
where t.turn_count <> coalesce(n.turns, 0)

-- The calls with these ids ($ids), with what lists say of them. Parameter: zone.
select call_id, timezone($zone, started_at) as started_at, queue, agent_id, outcome, wait_s, duration_s, has_recording,
       has_transcript
from calls
where list_contains($ids::varchar[], call_id)

-- The newest calls that can be heard or read. Parameters: zone, limit.
select
    call_id, timezone($zone, started_at) as started_at, queue, agent_id, outcome, wait_s, duration_s,
    has_recording, has_transcript
from calls
where has_recording or has_transcript
order by started_at desc nulls last, call_id
limit $limit

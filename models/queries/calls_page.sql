-- One page of calls by what is known of the call as a whole. A null parameter filters nothing.
select
    call_id, timezone($zone, started_at) as started_at, queue, agent_id, customer_id, outcome, wait_s, duration_s,
    has_recording, has_transcript
from calls
where ($start is null or started_at >= $start)
  and ($end is null or started_at < $end)
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($agent is null or contains(lower(agent_id), lower($agent)))
  and ($customer is null or contains(lower(customer_id), lower($customer)))
  and ($min_wait_s is null or wait_s >= $min_wait_s)
  and ($recorded is null or has_recording = $recorded)
  and ($transcribed is null or has_transcript = $transcribed)
order by case $sort
    when 'oldest' then epoch(started_at) when 'wait' then -wait_s when 'duration' then -duration_s
    else -epoch(started_at) end nulls last, call_id
limit $limit offset $offset

-- How many calls calls_page.sql would give in all.
select count(*) as calls
from calls
where ($start is null or started_at >= $start)
  and ($end is null or started_at < $end)
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($agent is null or contains(lower(agent_id), lower($agent)))
  and ($customer is null or contains(lower(customer_id), lower($customer)))
  and ($min_wait_s is null or wait_s >= $min_wait_s)
  and ($recorded is null or has_recording = $recorded)
  and ($transcribed is null or has_transcript = $transcribed)

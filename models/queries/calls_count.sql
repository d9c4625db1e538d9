-- How many calls calls_page.sql would give in all.
select count(*) as calls
from calls
where ($start is null or started_at >= $start)
  and ($end is null or started_at < $end)
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($agent is null or is_named(agent_id, $agent))
  and ($customer is null or contains(lower(customer_id), lower($customer)))
  and ($min_wait_s is null or wait_s >= $min_wait_s)
  and ($recorded is null or has_recording = $recorded)
  and ($transcribed is null or has_transcript = $transcribed)
  and ($band is null or wait_band(wait_s) = $band)
  and ($again is null or call_id in (select call_id from repeat_calls where $again))
  and ($criterion is null or call_id in (
      select call_id from need_facts where criterion = $criterion and ($result is null or result = $result)))

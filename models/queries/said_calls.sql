-- Those of $calls that are of these dates, queues…, the newest first.
select call_id, timezone($zone, started_at) as started_at, queue, agent_id, customer_id
from calls c
where call_id in (select unnest($calls::varchar[]))
  and ($start is null or c.started_at >= $start)
  and ($end is null or c.started_at < $end)
  and ($queues is null or list_contains($queues::varchar[], c.queue))
  and ($agent is null or is_named(c.agent_id, $agent))
  and ($customer is null or contains(lower(c.customer_id), lower($customer)))
  and ($min_wait_s is null or c.wait_s >= $min_wait_s)
  and ($recorded is null or c.has_recording = $recorded)
  and ($band is null or wait_band(c.wait_s) = $band)
  and ($again is null or c.call_id in (select call_id from repeat_calls where $again))
  and ($criterion is null or c.call_id in (
      select call_id from need_facts where criterion = $criterion and ($result is null or result = $result)))
order by c.started_at desc nulls last, c.call_id

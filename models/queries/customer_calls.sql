-- Other calls of the same customer, newest first. Parameters: call_id, zone, limit.
select
    c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.outcome, c.wait_s, c.duration_s,
    c.has_recording, c.has_transcript
from calls c
join (select customer_id from calls where call_id = $call_id) one on one.customer_id = c.customer_id
where c.call_id <> $call_id
order by c.started_at desc nulls last, c.call_id
limit $limit

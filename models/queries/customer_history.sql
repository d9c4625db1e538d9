-- Calls of one customer, newest first. Parameters: customer, zone, most.
select
    c.call_id, timezone($zone, c.started_at) as at, c.queue, c.agent_id, c.outcome, c.wait_s, c.duration_s, c.predicted_satisfaction,
    c.has_recording, c.has_transcript, count(*) over () as calls
from calls c
where c.customer_id = $customer::varchar and c.started_at is not null
order by c.started_at desc, c.call_id
limit $most

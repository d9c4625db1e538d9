-- The queues one call went through, in order. Parameters: call_id, zone.
select
    timezone($zone, entered_at) as entered_at, queue, wait_s, outcome, agent_id, talk_s, hold_s,
    position_in, position_out, ended_by, transferred_to
from queue_visits
where call_id = $call_id
order by entered_at, queue

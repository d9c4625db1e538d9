-- One page of calls by what is known of the call as a whole. A null parameter filters nothing.
-- Finds the rows first and reads their columns after, so that a page of a million calls stays quick.
with found as (
    select
        rowid as row,
        case $sort
            when 'oldest' then epoch(started_at) when 'wait' then -wait_s when 'duration' then -duration_s
            when 'satisfaction' then predicted_satisfaction
            else -epoch(started_at) end as place
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
    order by place nulls last, row
    limit $limit offset $offset
)
select
    c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.customer_id, c.outcome, c.wait_s,
    c.duration_s, c.has_recording, c.has_transcript
from found f join calls c on c.rowid = f.row
order by f.place nulls last, f.row

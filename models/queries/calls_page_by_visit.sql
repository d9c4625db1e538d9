-- One page of calls by what happened to them in a queue: exactly the calls behind a figure of the waits.
-- Dates, queues, outcome and slot must hold for one and the same visit. A null parameter filters nothing.
with dated as (
    select *
    from judged_visits
    where ($start is null or entered_at >= $start)
      and ($end is null or entered_at < $end)
      and ($queues is null or list_contains($queues::varchar[], queue))
      and ($hours is null or is_open = ($hours = 'open'))
),
visits as (
    select call_id, max(wait_s) as wait_s
    from dated
    where ($weekday is null or weekday = $weekday)
      and ($slot is null or slot = $slot)
      and case $outcome
          when 'answered' then answered = 1 when 'abandoned' then abandoned = 1
          when 'short' then short_abandoned = 1 when 'left' then flowed_out = 1
          when 'in_target' then answered_in_target = 1
          when 'late' then counted - answered_in_target = 1 when 'over_limit' then over_limit = 1
          when 'transferred' then transferred = 1 when 'requeued' then requeued = 1
          else true end
      and (coalesce($outcome, '') not in ('lost', 'back', 'reached') or (call_id, queue, entered_at) in (
          select (call_id, queue, entered_at) from lost_callers
          where state = $outcome and $outcome in ('lost', 'back', 'reached')))
      and ($min_wait_s is null or wait_s >= $min_wait_s)
    group by call_id
),
found as (
    select
        c.rowid as row,
        case $sort
            when 'oldest' then epoch(c.started_at) when 'wait' then -v.wait_s when 'duration' then -c.duration_s
            when 'satisfaction' then c.predicted_satisfaction
            else -epoch(c.started_at) end as place
    from calls c join visits v on v.call_id = c.call_id
    where ($agent is null or is_named(c.agent_id, $agent))
      and ($customer is null or contains(lower(c.customer_id), lower($customer)))
      and ($recorded is null or c.has_recording = $recorded)
      and ($transcribed is null or c.has_transcript = $transcribed)
      and ($band is null or wait_band(c.wait_s) = $band)
      and ($again is null or c.call_id in (select call_id from repeat_calls where $again))
      and ($criterion is null or c.call_id in (
          select call_id from need_facts where criterion = $criterion and ($result is null or result = $result)))
    order by place nulls last, row
    limit $limit offset $offset
)
select
    c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.customer_id, c.outcome, c.wait_s,
    c.duration_s, c.has_recording, c.has_transcript
from found f join calls c on c.rowid = f.row
order by f.place nulls last, f.row

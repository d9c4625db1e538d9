-- How many calls calls_page_by_visit.sql would give in all, and how many visits to queues they made.
with dated as (
    select *
    from judged_visits
    where ($start is null or entered_at >= $start)
      and ($end is null or entered_at < $end)
      and ($queues is null or list_contains($queues::varchar[], queue))
      and ($hours is null or is_open = ($hours = 'open'))
)
select count(distinct v.call_id) as calls, count(*) as visits
from dated v join calls c on c.call_id = v.call_id
where ($weekday is null or v.weekday = $weekday)
  and ($slot is null or v.slot = $slot)
  and case $outcome
      when 'answered' then v.answered = 1 when 'abandoned' then v.abandoned = 1
      when 'short' then v.short_abandoned = 1 when 'left' then v.flowed_out = 1
      when 'in_target' then v.answered_in_target = 1
      when 'late' then v.counted - v.answered_in_target = 1 when 'over_limit' then v.over_limit = 1
      when 'transferred' then v.transferred = 1 when 'requeued' then v.requeued = 1
      else true end
  and (coalesce($outcome, '') not in ('lost', 'back', 'reached') or (v.call_id, v.queue, v.entered_at) in (
      select (call_id, queue, entered_at) from lost_callers
      where state = $outcome and $outcome in ('lost', 'back', 'reached')))
  and ($min_wait_s is null or v.wait_s >= $min_wait_s)
  and ($agent is null or is_named(c.agent_id, $agent))
  and ($customer is null or contains(lower(c.customer_id), lower($customer)))
  and ($recorded is null or c.has_recording = $recorded)
  and ($transcribed is null or c.has_transcript = $transcribed)
  and ($band is null or wait_band(c.wait_s) = $band)
  and ($again is null or c.call_id in (select call_id from repeat_calls where $again))
  and ($criterion is null or c.call_id in (
      select call_id from need_facts where criterion = $criterion and ($result is null or result = $result)))

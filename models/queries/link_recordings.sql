-- Recordings that stood alone and whose call the queue log now knows: one row per recording to move.
with alone as (
    select recording_id, call_id as old_call_id, given_call_id, agent_id, started_at
    from recordings where link = 'recording only'
),
found as (
    select a.recording_id, a.old_call_id, v.call_id, 'telephony id' as link, 1 as rank
    from alone a join queue_visits v on v.call_id = a.given_call_id
    union all
    select a.recording_id, a.old_call_id, v.call_id, 'bridged id', 2
    from alone a join queue_visits v on v.bridged_id = a.given_call_id
    union all
    select a.recording_id, a.old_call_id, any_value(v.call_id), 'agent and time', 3
    from alone a join queue_visits v
      on v.agent_id = a.agent_id
     and v.answered_at between a.started_at - interval 10 seconds and a.started_at + interval 10 seconds
    where a.given_call_id is null
    group by a.recording_id, a.old_call_id
    having count(distinct v.call_id) = 1
)
select recording_id, old_call_id, arg_min(call_id, rank) as call_id, arg_min(link, rank) as link
from found
group by recording_id, old_call_id

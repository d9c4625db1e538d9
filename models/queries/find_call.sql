-- The call of one recording: $1 telephony id, $2 agent, $3 beginning. At most one row, the surest link first.
-- Agent and time: the only call that the agent answered within ten seconds of the recording's beginning.
with by_id as (
    select call_id, 'telephony id' as link, 1 as rank from queue_visits where call_id = $1 limit 1
),
by_bridge as (
    select call_id, 'bridged id' as link, 2 as rank from queue_visits where bridged_id = $1 limit 1
),
by_agent as (
    select any_value(call_id) as call_id, 'agent and time' as link, 3 as rank
    from queue_visits
    where agent_id = $2 and $1 is null
      and answered_at between $3::timestamptz - interval 10 seconds and $3::timestamptz + interval 10 seconds
    having count(distinct call_id) = 1
)
select call_id, link from (
    select * from by_id union all select * from by_bridge union all select * from by_agent
) order by rank limit 1

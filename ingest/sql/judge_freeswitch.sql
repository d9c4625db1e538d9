-- Grain: one row per event of FreeSWITCH's mod_callcenter, as it is kept in queue_events, with the reason why it is
-- refused, if any. data1: what the event says of its stay, as JSON; times in microseconds since 1970.
create or replace temp table staged_records as
select line_no, raw, event_at, call_id, queue, coalesce(agent_id, '') as agent_id, event,
    cast(to_json({
        'member': member, 'caller': caller, 'agent_leg': agent_leg, 'joined_us': epoch_us(joined_at),
        'called_us': epoch_us(called_at), 'answered_us': epoch_us(answered_at), 'left_us': epoch_us(left_at),
        'cause': cause, 'cancel_reason': cancel_reason, 'recording': recording, 'hung_up': hung_up,
        'passed_on': passed_on
    }) as varchar) as data1,
    case
        when answered_at < joined_at
            then 'The waiting time is negative: the agent answers before the call enters the queue. Was the clock set back?'
        when left_at < joined_at
            then 'The waiting time is negative: the call leaves the queue before it enters. Was the clock set back?'
        when left_at < answered_at then 'The call ends before it is answered. Was the clock set back?'
        when coalesce(answered_at, left_at) - joined_at > interval 11 days then 'The waiting time is longer than eleven days.'
        when left_at - answered_at > interval 11 days then 'The talking time is longer than eleven days.'
    end as reason
from incoming_records

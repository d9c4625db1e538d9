-- Grain: one row per contact record of Amazon Connect, as it is kept in queue_events (event_at is its last update), with
-- the reason why it is refused, if any. data1: what the record says of its stay, as JSON; times in microseconds since 1970.
-- A record without EnqueueTimestamp entered its queue at DequeueTimestamp − Duration.
create or replace temp table staged_records as
with records as (
    select *, coalesce(enqueued_at, dequeued_at - to_microseconds(cast(waited_s * 1000000 as bigint))) as entered_at
    from incoming_records
)
select line_no, raw, event_at, call_id, coalesce(queue, '') as queue, coalesce(agent_id, '') as agent_id,
    'contact-record' as event,
    -- consent stands there only where it is told: what was kept before there was any is still the same record
    cast(to_json({
        'entered_us': epoch_us(entered_at), 'dequeued_us': epoch_us(dequeued_at), 'waited_s': waited_s,
        'connected_us': epoch_us(connected_at), 'interaction_s': interaction_s, 'hold_s': hold_s, 'acw_s': acw_s,
        'passed_on_us': epoch_us(passed_on_at), 'passed_on_to': passed_on_to, 'next_contact': next_contact,
        'disconnected_us': epoch_us(disconnected_at), 'disconnect_reason': disconnect_reason,
        'initiation': initiation, 'customer': customer, 'recording': recording, 'language': language,
        'segment': segment
    }) as varchar)[:-2] || if(consent is null, '}', ',"consent":' || consent || '}') as data1,
    case
        when queue is not null and entered_at is null and coalesce(initiation, '') not like '%OUTBOUND'
            then 'Queue has no EnqueueTimestamp; export whole contact records.'
        when connected_at < entered_at
            then 'The waiting time is negative: the agent is connected before the call enters the queue.'
        when dequeued_at < entered_at then 'The waiting time is negative: the call leaves the queue before it enters.'
        when disconnected_at < entered_at then 'The call ends before it enters the queue.'
        when disconnected_at < connected_at then 'The call ends before it is answered.'
        when passed_on_at < connected_at then 'The call is passed on before it is answered.'
        when coalesce(connected_at, dequeued_at, disconnected_at) - entered_at > interval 11 days
            then 'The waiting time is longer than eleven days.'
    end as reason
from records

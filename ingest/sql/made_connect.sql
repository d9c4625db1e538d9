-- Grain: one row per touched contact that was in a queue, told by its newest record; key (call_id, queue, entered_at).
-- Records are delivered at least once and in any order: the one with the greatest LastUpdateTimestamp counts.
-- wait_s = ConnectedToAgentTimestamp − EnqueueTimestamp; without an agent, until the call left the queue or ended.
-- talk_s = AgentInteractionDuration, which holds no hold time; without it, the time connected − hold_s.
-- outcome: with a connected agent answered, or transferred when the contact goes on elsewhere. Without one: abandoned when
-- the customer (or the line) ended the call within five seconds of leaving the queue; otherwise the flow took the call out
-- of the queue (another queue, a callback, a message, the end of patience of the flow): timeout.
create or replace temp table made_visits as
with kept as (
    select e.*, json_transform(e.data1, '{"entered_us": "BIGINT", "dequeued_us": "BIGINT", "waited_s": "DOUBLE",
        "connected_us": "BIGINT", "interaction_s": "DOUBLE", "hold_s": "DOUBLE", "acw_s": "DOUBLE",
        "passed_on_us": "BIGINT", "passed_on_to": "VARCHAR", "next_contact": "VARCHAR", "disconnected_us": "BIGINT",
        "disconnect_reason": "VARCHAR", "initiation": "VARCHAR", "customer": "VARCHAR", "recording": "VARCHAR",
        "language": "VARCHAR", "segment": "VARCHAR", "consent": "BOOLEAN"}') as said
    from queue_events e
    semi join touched_calls t on t.call_id = e.call_id
    where e.event = 'contact-record'
    qualify row_number() over (partition by e.call_id order by e.event_at desc, e.data1 desc, e.queue, e.agent_id) = 1
),
contacts as (
    select call_id, queue, nullif(agent_id, '') as agent_id, source, said.*,
        make_timestamptz(said.entered_us) as entered_at, make_timestamptz(said.connected_us) as connected_at,
        make_timestamptz(said.passed_on_us) as passed_on_at, make_timestamptz(said.disconnected_us) as disconnected_at,
        coalesce(make_timestamptz(said.dequeued_us),
                 make_timestamptz(said.entered_us + cast(said.waited_s * 1000000 as bigint))) as dequeued_at
    from kept
    where queue <> '' and said.entered_us is not null
),
told as (
    select *,
        case
            when connected_at is not null
                then if(coalesce(next_contact, passed_on_to, cast(passed_on_at as varchar)) is null, 'answered', 'transferred')
            when coalesce(dequeued_at, disconnected_at) is null then null
            when next_contact is null and disconnected_at <= coalesce(dequeued_at, disconnected_at) + interval 5 seconds
                 and coalesce(disconnect_reason, 'CUSTOMER_DISCONNECT') in ('CUSTOMER_DISCONNECT', 'TELECOM_PROBLEM')
                then 'abandoned'
            else 'timeout'
        end as outcome,
        if(connected_at is null, coalesce(dequeued_at, disconnected_at), coalesce(passed_on_at, disconnected_at)) as ended_at
    from contacts
)
select call_id, queue, entered_at,
    date_diff('microsecond', entered_at, coalesce(connected_at, ended_at)) / 1e6 as wait_s,
    outcome, if(connected_at is null, null, agent_id) as agent_id,
    if(connected_at is null, null, coalesce(
        interaction_s, greatest(date_diff('microsecond', connected_at, ended_at) / 1e6 - coalesce(hold_s, 0), 0))) as talk_s,
    connected_at as answered_at, ended_at,
    if(connected_at is null, null, hold_s) as hold_s, if(connected_at is null, null, acw_s) as acw_s,
    case when outcome = 'transferred' then 'transfer' when outcome = 'timeout' then 'queue'
         when outcome = 'abandoned' or disconnect_reason = 'CUSTOMER_DISCONNECT' then 'customer'
         when disconnect_reason = 'AGENT_DISCONNECT' then 'agent' end as ended_by,
    if(outcome = 'transferred', coalesce(passed_on_to, next_contact), null) as transferred_to,
    customer as customer_id,
    case when initiation in ('INBOUND', 'WEBRTC_API') then 'inbound'
         when initiation in ('OUTBOUND', 'EXTERNAL_OUTBOUND', 'CALLBACK', 'API') then 'outbound' end as direction,
    segment, language, recording, consent, 'connect' as format, source,
    cast(null as struct(source varchar, line_no bigint, raw varchar)) as last_line, cast(null as varchar) as reason
from told

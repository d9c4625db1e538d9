-- Grain: one row per stay of a touched call in a queue, made of all its mod_callcenter events; key (call_id, queue,
-- entered_at). reason: why it can't have happened, if so, with the last event about it (last_line).
-- entered_at = CC-Member-Joined-Time. An event without it belongs to the latest entry of its member before it; a
-- member-queue-start without it is an entry at its whole second, unless an event says so of the two seconds before.
-- wait_s = answered_at − entered_at, else the leaving time − entered_at. talk_s = ended_at − answered_at.
-- outcome: a connected agent is answered, whatever else is logged (hold music may still end as a cancel), transferred
-- when the agent's leg ended with a transfer. A cancel is TIMEOUT: timeout, NO_AGENT_TIMEOUT: empty, EXIT_WITH_KEY and
-- BREAK_OUT: key, NONE (or no reason): abandoned; so is a BREAK_OUT whose channel was hung up already, as the caller did that.
create or replace temp table made_visits as
with kept as (
    select e.*, json_transform(e.data1, '{"member": "VARCHAR", "caller": "VARCHAR", "agent_leg": "VARCHAR",
        "joined_us": "BIGINT", "called_us": "BIGINT", "answered_us": "BIGINT", "left_us": "BIGINT", "cause": "VARCHAR",
        "cancel_reason": "VARCHAR", "recording": "VARCHAR", "hung_up": "BOOLEAN", "passed_on": "BOOLEAN"}') as said
    from queue_events e
    semi join touched_calls t on t.call_id = e.call_id
    where e.event in ('member-queue-start', 'bridge-agent-start', 'bridge-agent-end', 'member-queue-end')
),
events as (
    select event_at, call_id, queue, nullif(agent_id, '') as agent_id, event, source, line_no, data1,
        coalesce(said.member, '') as member, said.caller as caller, said.agent_leg as agent_leg, said.cause as cause,
        said.cancel_reason as cancel_reason, said.recording as recording, said.hung_up as hung_up,
        said.passed_on as passed_on, make_timestamptz(epoch_us(event_at) // 1000000 * 1000000) as at_second,
        make_timestamptz(said.joined_us) as joined_at, make_timestamptz(said.called_us) as called_at,
        make_timestamptz(said.answered_us) as answered_at, make_timestamptz(said.left_us) as left_at,
        row_number() over (partition by call_id, queue order by event_at, event, data1, agent_id) as n
    from kept
),
told as (
    select distinct call_id, queue, member, joined_at as entered_at from events where joined_at is not null
),
entries as (
    select * from told
    union
    select call_id, queue, member, at_second
    from events e
    where event = 'member-queue-start' and joined_at is null and not exists (
        select 1 from told t
        where t.call_id = e.call_id and t.queue = e.queue and t.member = e.member
          and t.entered_at between e.at_second - interval 2 seconds and e.at_second
    )
),
placed as (
    select e.*, coalesce(e.joined_at, i.entered_at) as entered_at,
        e.event like 'bridge%' or coalesce(e.cause = 'Terminated', false) as is_answer,
        e.event = 'bridge-agent-end' or coalesce(e.cause = 'Terminated', false) as is_end,
        e.n + if(e.event = 'bridge-agent-end', 0, 1099511627776) as end_rank
    from events e
    asof left join entries i
        on i.call_id = e.call_id and i.queue = e.queue and i.member = e.member and e.event_at >= i.entered_at
),
stays as (
    select call_id, queue, entered_at,
        bool_or(is_answer) as is_answered,
        min(coalesce(answered_at, if(event = 'bridge-agent-start', at_second, null))) filter (where is_answer)
            as answered_at,
        arg_min(coalesce(left_at, at_second), end_rank) filter (where is_end) as terminated_at,
        arg_min(coalesce(left_at, at_second), n) filter (where cause = 'Cancel') as cancelled_at,
        coalesce(arg_min(cancel_reason, n), if(bool_or(cause = 'Cancel'), 'NONE', null)) as cancel_reason,
        coalesce(bool_or(hung_up) filter (where cause = 'Cancel'), false) as hung_up,
        coalesce(bool_or(passed_on) filter (where is_end), false) as passed_on,
        arg_min(agent_id, n) filter (where is_answer and agent_id is not null) as agent_id,
        arg_min(agent_leg, n) filter (where is_answer and agent_leg is not null) as agent_leg,
        min(called_at) filter (where is_answer) as called_at,
        arg_min(caller, n) filter (where caller is not null) as caller,
        arg_min(recording, n) filter (where recording is not null) as recording,
        arg_min(source, n) as source,
        arg_max({'source': source, 'line_no': line_no, 'raw': left(concat(event, ' ', data1), 2000)}, n) as last_line
    from placed
    where entered_at is not null
    group by call_id, queue, entered_at
),
ended as (
    select *, if(is_answered, terminated_at, cancelled_at) as ended_at,
        case
            when is_answered and passed_on then 'transferred'
            when is_answered then 'answered'
            when cancel_reason = 'NONE' or (cancel_reason = 'BREAK_OUT' and hung_up) then 'abandoned'
            when cancel_reason = 'TIMEOUT' then 'timeout'
            when cancel_reason = 'NO_AGENT_TIMEOUT' then 'empty'
            when cancel_reason in ('BREAK_OUT', 'EXIT_WITH_KEY') then 'key'
        end as outcome
    from stays
)
select call_id, queue, entered_at,
    date_diff('microsecond', entered_at, if(is_answered, answered_at, ended_at)) / 1e6 as wait_s,
    outcome, agent_id,
    if(is_answered, date_diff('microsecond', answered_at, ended_at) / 1e6, null) as talk_s,
    answered_at, ended_at,
    if(called_at between entered_at and answered_at, date_diff('microsecond', called_at, answered_at) / 1e6, null) as ring_s,
    case when outcome = 'transferred' then 'transfer' when outcome = 'abandoned' or cancel_reason = 'EXIT_WITH_KEY' then 'customer'
         when outcome in ('timeout', 'empty') then 'queue' end as ended_by,
    caller as customer_id, agent_leg as bridged_id, recording, 'freeswitch' as format, source, last_line,
    case
        when answered_at < entered_at
            then 'The waiting time is negative: the agent answers before the call enters the queue. Was the clock set back?'
        when ended_at < entered_at
            then 'The waiting time is negative: the call leaves the queue before it enters. Was the clock set back?'
        when ended_at < answered_at then 'The call ends before it is answered. Was the clock set back?'
    end as reason
from ended

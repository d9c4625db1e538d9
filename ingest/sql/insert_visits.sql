-- Grain: one row per stay of a call in a queue; key (call_id, queue, entered_at).
-- wait_s is what the event says (hold time or waiting time); only without it the difference of the two times.
-- A stay that another source told already (a CSV) stays as that source told it, whichever came first.
-- Reckoned in microseconds since 1970: intervals of time stamps with a zone take many times as long.
-- Without an entry in the log, entered_at = time of the event − waiting (and talking) time that it gives.
insert into queue_visits by name
with parts as (
    select *, connect_key >> 3 as connect_us, end_key >> 3 as end_us,
        connect_key is not null or coalesce(end_kind < 7, false) as is_answered
    from stay_parts
),
reckoned as (
    select *,
        coalesce(enter_key >> 3, connect_us - cast(connect_wait_s * 1000000 as bigint),
            end_us - cast((end_wait_s + coalesce(talk_s, 0)) * 1000000 as bigint)) as entered_us,
        coalesce(connect_us, if(is_answered, end_us - cast(talk_s * 1000000 as bigint), null)) as answered_us
    from parts
),
timed as (
    select *, make_timestamptz(entered_us) as entered_at, make_timestamptz(answered_us) as answered_at,
        make_timestamptz(end_us) as end_at
    from reckoned
)
select call_id, queue, entered_at,
    coalesce(
        connect_wait_s, end_wait_s,
        if(is_answered, (answered_us - entered_us) / 1e6, null),
        (end_us - entered_us) / 1e6
    ) as wait_s,
    case when end_kind in (5, 6) then 'transferred' when is_answered then 'answered' when end_kind = 7 then 'abandoned'
         when end_kind = 8 then 'timeout' when end_kind = 9 then 'key' when end_kind = 10 then 'empty'
    end as outcome,
    if(is_answered, nullif(coalesce(nullif(connect_agent, 'NONE'), end_agent), 'NONE'), null) as agent_id,
    talk_s,
    try_cast(coalesce(enter_position, case when end_kind in (3, 4, 9) then end3 when end_kind in (5, 6) then end5
                                           else end2 end) as integer) as position_in,
    try_cast(case when end_kind in (7, 8, 10) then end1 when end_kind = 9 then end2 end as integer)
        as position_out,
    answered_at, end_at as ended_at, try_cast(ring as double) as ring_s,
    case when end_kind = 3 then 'agent' when end_kind in (4, 7, 9) then 'customer' when end_kind in (5, 6) then 'transfer'
         when end_kind in (8, 10) then 'queue' end as ended_by,
    case end_kind when 5 then end1 when 6 then end2 end as transferred_to,
    nullif(customer, '') as customer_id, bridged as bridged_id, 'asterisk' as format, source
from timed
anti join (select call_id, queue, entered_at from queue_visits where format <> 'asterisk') v using (call_id, queue, entered_at)
where entered_at is not null

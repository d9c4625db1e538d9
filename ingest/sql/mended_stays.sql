-- Grain: one row per event of a mended call, numbered (n) within its (call, queue), with the number of its stay.
-- A stay begins with an entry, or after an end with an event that says the caller entered no sooner than that end
-- (its entry was never logged, or lies in a file not loaded yet).
create or replace temp table mended_stays as
with events as (
    select *, event_kind(call_id, event) as kind
    from mended_events
),
timed as (
    select *,
        try_cast(wait_field(kind, data1, data3, data4) as double) as wait_s,
        try_cast(talk_field(kind, data2, data4) as double) as talk_s
    from events
    where kind > 0
),
keyed as (
    select *, event_at - to_microseconds(cast((wait_s + coalesce(talk_s, 0)) * 1000000 as bigint)) as claimed_at,
        row_number() over (
            partition by call_id, queue
            order by event_key(event_at, kind, wait_s + coalesce(talk_s, 0)), event, agent_id, data1, data2, data3,
                data4, data5
        ) as n
    from timed
),
followed as (
    select *, lag(kind) over (partition by call_id, queue order by n) as last_kind,
        lag(event_at) over (partition by call_id, queue order by n) as last_at
    from keyed
)
select *, sum(case
        when last_kind is null then 1
        when kind = 1 then if(last_kind = 1 and last_at = event_at, 0, 1)
        when last_kind > 2 and claimed_at >= last_at then 1
        else 0 end) over (partition by call_id, queue order by n) as stay
from followed

-- Grain: one row per (call, queue) among calls that are new to the store. plain: one entry at most, one connection,
-- one end, in this order and without contradiction; for these, grouping is enough and no windows are needed.
-- Parameter: source.
create or replace temp table stay_parts as
with events as (
    select *, event_key(event_at, kind, wait_s + coalesce(talk_s, 0)) as key
    from staged_events
    where reason is null and kind > 0 and call_id not in (select call_id from mended_calls)
),
grouped as (
    select call_id, queue,
        sum(case when kind = 1 then 1 when kind = 2 then 1048576 else 1099511627776 end)::bigint as counts,
        min(key) filter (where kind = 1) as enter_key,
        min(key) filter (where kind = 2) as connect_key,
        min(key) filter (where kind > 2) as end_key,
        max(kind) filter (where kind > 2) as end_kind,
        any_value(wait_s) filter (where kind = 2) as connect_wait_s,
        any_value(wait_s) filter (where kind > 2) as end_wait_s,
        any_value(talk_s) as talk_s,
        any_value(data2) filter (where kind = 1) as customer,
        any_value(data3) filter (where kind = 1) as enter_position,
        any_value(agent_id) filter (where kind = 2) as connect_agent,
        any_value(data2) filter (where kind = 2) as bridged,
        any_value(data3) filter (where kind = 2) as ring,
        any_value(agent_id) filter (where kind > 2) as end_agent,
        any_value(data1) filter (where kind > 2) as end1,
        any_value(data2) filter (where kind > 2) as end2,
        any_value(data3) filter (where kind > 2) as end3,
        any_value(data5) filter (where kind > 2) as end5
    from events
    group by call_id, queue
)
select *, cast($source as varchar) as source,
    counts & 1048575 < 2 and (counts >> 20) & 1048575 < 2 and counts >> 40 < 2
    and coalesce(enter_key < connect_key, true) and coalesce(enter_key < end_key, true)
    and coalesce(connect_key < end_key, true) and not (connect_key is not null and coalesce(end_kind, 0) > 6) as plain
from grouped

-- Grain: one row per stay of a mended call. A transfer outranks the completion logged with it; else the first counts.
-- contradiction: why this can't have happened, with the line that says so (source, line_no, raw).
create or replace temp table mended_parts as
with events as (
    select *, event_key(event_at, kind, wait_s + coalesce(talk_s, 0)) as key,
        n + if(kind in (5, 6), 0, 1099511627776) as end_rank
    from mended_stays
),
stays as (
    select call_id, queue, stay,
        min(key) filter (where kind = 1) as enter_key,
        min(key) filter (where kind = 2) as connect_key,
        arg_min(key, end_rank) filter (where kind > 2) as end_key,
        min(key) filter (where kind > 2) as first_end_key,
        arg_min(kind, end_rank) filter (where kind > 2) as end_kind,
        bool_or(kind > 6) as gave_up,
        arg_min(wait_s, n) filter (where kind = 2) as connect_wait_s,
        arg_min(wait_s, end_rank) filter (where kind > 2) as end_wait_s,
        arg_min(talk_s, end_rank) filter (where kind > 2) as talk_s,
        arg_min(data2, n) filter (where kind = 1) as customer,
        arg_min(data3, n) filter (where kind = 1) as enter_position,
        arg_min(agent_id, n) filter (where kind = 2) as connect_agent,
        arg_min(data2, n) filter (where kind = 2) as bridged,
        arg_min(data3, n) filter (where kind = 2) as ring,
        arg_min({'agent': agent_id, 'data1': data1, 'data2': data2, 'data3': data3, 'data5': data5}, end_rank)
            filter (where kind > 2) as ends,
        arg_min(source, n) as source,
        arg_max({'source': source, 'line_no': line_no, 'raw': rtrim(concat_ws('|', event_at::varchar, call_id, queue,
            agent_id, event, coalesce(data1, ''), coalesce(data2, ''), coalesce(data3, ''), coalesce(data4, ''),
            coalesce(data5, '')), '|')}, n) as last_line
    from events
    group by call_id, queue, stay
)
select * exclude (ends, gave_up, first_end_key),
    ends.agent as end_agent, ends.data1 as end1, ends.data2 as end2, ends.data3 as end3, ends.data5 as end5,
    case
        when gave_up and (connect_key is not null or end_kind < 7)
            then 'The call is answered and given up in one stay in the queue.'
        when first_end_key < connect_key then 'The call ends before it is answered.'
    end as contradiction
from stays

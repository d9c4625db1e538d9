-- Grain: one row per line of an Asterisk queue log, in the order of the file (rowid counts its lines).
-- reason: why the line is refused; '' for a line that was set aside before; null for a good one.
-- Parameters: path, delim, marker (first field of lines set aside before).
create or replace temp table staged_events as
with lines as (
    select *
    from read_csv($path, delim = $delim, header = false, quote = '', escape = '', new_line = '\n',
        auto_detect = false, null_padding = true, strict_mode = false,
        columns = {'c0': 'varchar', 'c1': 'varchar', 'c2': 'varchar', 'c3': 'varchar', 'c4': 'varchar',
                   'c5': 'varchar', 'c6': 'varchar', 'c7': 'varchar', 'c8': 'varchar', 'c9': 'varchar',
                   'c10': 'varchar', 'c11': 'varchar'})
),
kinds as (
    select *, try_cast(c0 as double) as epoch_s, event_kind(c1, c4) as kind
    from lines
),
fields as (
    select *, wait_field(kind, c5, c7, c8) as wait_field, talk_field(kind, c6, c8) as talk_field
    from kinds
),
numbers as (
    select *, try_cast(wait_field as double) as wait_s, try_cast(talk_field as double) as talk_s
    from fields
),
judged as (
    select *,
        case
            when c0 = $marker then ''
            when c4 is null then 'The line is cut: it has no event.'
            when epoch_s is null or not epoch_s between 0 and 4102444800 then 'The time is no time.'
            when c1 is null then 'The line has no call id.'
            when kind = 0 then null
            when c2 is null then 'The line has no queue.'
            when kind not in (1, 5, 6) and wait_field is null then 'The line is cut: it has no waiting time.'
            when kind in (3, 4) and talk_field is null then 'The line is cut: it has no talking time.'
            when wait_field is not null and wait_s is null then 'The waiting time is no number.'
            when wait_s < 0 then 'The waiting time is negative.'
            when wait_s is not null and not wait_s <= 1000000 then 'The waiting time is longer than eleven days.'
            when talk_field is not null and talk_s is null then 'The talking time is no number.'
            when talk_s < 0 then 'The talking time is negative.'
            when talk_s is not null and not talk_s <= 1000000 then 'The talking time is longer than eleven days.'
        end as reason
    from numbers
)
select
    case when reason is null then make_timestamptz(cast(round(epoch_s * 1000000) as bigint)) end as event_at,
    c1 as call_id, coalesce(c2, '') as queue, coalesce(c3, '') as agent_id, c4 as event,
    c5 as data1, c6 as data2, c7 as data3, c8 as data4,
    case when c10 is null and c11 is null then c9
         else rtrim(concat_ws('|', coalesce(c9, ''), coalesce(c10, ''), coalesce(c11, '')), '|') end as data5,
    kind, wait_s, talk_s, reason, case when reason is not null then c0 end as raw_time
from judged

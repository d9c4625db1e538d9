-- Grain: one row per refused line of staged_events, each kept once. Parameters: source, to_line (from rowid to line number), now.
insert into rejected_rows
with refused as (
    select cast($source as varchar) as source, rowid + cast($to_line as bigint) as line_no, reason,
        left(rtrim(concat_ws('|', coalesce(raw_time, ''), coalesce(call_id, ''), queue, agent_id, coalesce(event, ''),
            coalesce(data1, ''), coalesce(data2, ''), coalesce(data3, ''), coalesce(data4, ''),
            coalesce(data5, '')), '|'), 2000) as raw
    from staged_events
    where reason <> ''
)
select source, line_no, reason, raw, cast($now as timestamptz)
from refused
anti join rejected_rows using (source, line_no, reason, raw)

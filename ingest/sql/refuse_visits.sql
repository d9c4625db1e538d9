-- Grain: one row per refused visit, each kept once. Parameters: source, now.
insert into rejected_rows
with refused as (
    select cast($source as varchar) as source, line_no, reason, left(raw, 2000) as raw
    from judged_visits
    where reason is not null
)
select source, line_no, reason, raw, cast($now as timestamptz)
from refused
anti join rejected_rows using (source, line_no, reason, raw)

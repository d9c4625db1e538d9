-- Grain: one row per refused row of staged_records, each kept once. Parameters: source, now.
insert into rejected_rows
with refused as (
    select distinct cast($source as varchar) as source, line_no, reason, raw from staged_records where reason is not null
)
select source, line_no, reason, raw, cast($now as timestamptz)
from refused
anti join rejected_rows using (source, line_no, reason, raw)

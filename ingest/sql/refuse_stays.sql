-- Grain: one row per stay that can't have happened, named by its last line. Parameter: now.
insert into rejected_rows
with contradictions as (
    select last_line.source as source, last_line.line_no as line_no, contradiction as reason,
        left(last_line.raw, 2000) as raw
    from mended_parts
    where contradiction is not null
)
select source, line_no, reason, raw, cast($now as timestamptz) from contradictions

-- Grain: one row per stay that can't have happened, named by its last event. Parameter: now.
insert into rejected_rows
select last_line.source, last_line.line_no, reason, last_line.raw, cast($now as timestamptz)
from made_visits
where reason is not null

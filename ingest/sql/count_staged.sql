-- Good and refused staged events, and the first rowid.
select count(*) filter (where reason is null), count(*) filter (where reason <> ''), coalesce(min(rowid), 0)
from staged_events

-- Good and refused staged events, and the first rowid (inside a transaction, rowids don't begin at 0).
select count(*) filter (where reason is null), count(*) filter (where reason <> ''), coalesce(min(rowid), 0)
from staged_events

-- Good and refused staged events.
select count(*) filter (where reason is null), count(*) filter (where reason <> '') from staged_events

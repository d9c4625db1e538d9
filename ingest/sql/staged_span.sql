-- The first and last moment of the staged events.
select min(event_at), max(event_at) from staged_events where reason is null

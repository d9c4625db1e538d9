-- How many events the store has between two moments, both included; the first and the last of them.
-- Parameters: first_at, last_at.
select count(*), min(event_at), max(event_at)
from queue_events
where event_at between cast($first_at as timestamptz) and cast($last_at as timestamptz)

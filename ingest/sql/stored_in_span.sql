-- How many events the store has between two moments, both included. Parameters: first_at, last_at.
select count(*)
from queue_events
where event_at between cast($first_at as timestamptz) and cast($last_at as timestamptz)

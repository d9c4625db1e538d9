-- The newest calls that can be heard or read. Parameters: zone, limit.
-- Finds the rows first and reads their columns after, so that it stays quick among millions of calls.
with found as (
    select rowid as row, started_at
    from calls
    where has_recording or has_transcript
    order by started_at desc nulls last, row
    limit $limit
)
select
    c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.outcome, c.wait_s, c.duration_s,
    c.has_recording, c.has_transcript
from found f join calls c on c.rowid = f.row
order by f.started_at desc nulls last, f.row

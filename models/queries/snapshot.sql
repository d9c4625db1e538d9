-- When the snapshot was published, how far its calls reach, and whether they are a demonstration.
select
    i.published_at, i.calls,
    (select min(started_at) from calls) as first_call_at,
    (select max(started_at) from calls) as last_call_at,
    (select count(*) from queue_visits) as visits,
    exists (from transcripts where is_demonstration)
        or exists (from ingest_files where contains(path, $sample)) as is_demonstration
from snapshot_info i

-- Input files that were refused, in whole or in part, newest first.
select path, kind, status, reason, rows_loaded, rows_refused, timezone($zone, loaded_at) as loaded_at
from ingest_files
where status in ('refused', 'partly_refused')
order by ingest_files.loaded_at desc, path limit $limit

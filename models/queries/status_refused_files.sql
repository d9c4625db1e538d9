-- Files that were refused, in whole or in part, newest first.
select path, kind, status, reason, size_bytes, rows_loaded, rows_refused, loaded_at
from ingest_files
where status in ('refused', 'partly_refused')
order by loaded_at desc, path

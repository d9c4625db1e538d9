-- What was said of a log of these bytes, under whatever name, the last time it was looked at.
select status, reason
from ingest_files
where kind = 'queue_log' and sha256 = $sha256
order by loaded_at desc
limit 1

-- How often these bytes were read to their end as a transcript: an interrupted load leaves a reason, and what was refused
-- as a whole may be readable by now.
select count(*)
from ingest_files
where sha256 = ? and kind = 'transcript' and status in ('loaded', 'partly_refused') and reason is null

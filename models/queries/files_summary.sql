-- How many input files there are of each kind and status.
select kind, status, count(*) as files, sum(rows_loaded)::bigint as rows_loaded, sum(rows_refused)::bigint as rows_refused
from ingest_files group by kind, status order by kind, status

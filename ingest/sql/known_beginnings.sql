-- Beginnings of logs that have been read before. Parameters: reader.
select known_bytes, sha256, next_line, rows_loaded, rows_refused
from queue_log_progress
where reader = $reader

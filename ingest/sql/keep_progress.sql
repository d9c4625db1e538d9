-- Parameters: reader, known_bytes, sha256, next_line, rows_loaded, rows_refused, path, now.
insert into queue_log_progress
select $reader, $known_bytes, $sha256, $next_line, $rows_loaded, $rows_refused, $path, cast($now as timestamptz)

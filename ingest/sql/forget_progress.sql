-- The beginning that is about to be known farther. Parameters: reader, known_bytes, sha256.
delete from queue_log_progress
where reader = $reader and known_bytes = $known_bytes and sha256 = $sha256

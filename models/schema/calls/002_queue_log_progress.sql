-- How far each queue log has been read: one row per known beginning of a log, found again by its content.
-- A file whose first known_bytes have this sha256 goes on at next_line, whatever it is called by now.

create table queue_log_progress (
    reader varchar not null, known_bytes bigint not null, sha256 varchar not null, next_line bigint not null,
    rows_loaded bigint not null, rows_refused bigint not null, path varchar not null, updated_at timestamptz not null
);

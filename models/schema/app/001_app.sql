-- What people write in the dashboard (app.sqlite). Published into the snapshot under the same names and types:
-- date, timestamptz and boolean are DuckDB's; SQLite keeps ISO 8601 text and 0/1 in them.

create table targets (
    target_id integer primary key,
    queue text not null,                 -- '*' is every queue without a target of its own
    valid_from date not null,            -- local date, YYYY-MM-DD: holds from its first second
    goal real not null check (goal > 0 and goal <= 1),
    threshold_s real not null check (threshold_s > 0),
    short_abandon_s real not null check (short_abandon_s >= 0),
    abandons_count boolean not null check (abandons_count in (0, 1)),
    written_at timestamptz not null,
    written_by text not null
);

insert into targets (queue, valid_from, goal, threshold_s, short_abandon_s, abandons_count, written_at, written_by)
values ('*', '1970-01-01', 0.8, 20, 5, 1, '1970-01-01T00:00:00+00:00', 'default');

create table listening (
    reviewer text not null,
    call_id text not null,
    week text not null,                  -- ISO week in the call centre's time zone, like 2026-W09
    intervals text not null,             -- JSON list of [start_s, end_s], disjoint and sorted
    heard_s real not null,
    position_s real not null,
    updated_at timestamptz not null,
    primary key (reviewer, call_id, week)
);

create table heard_log (
    at timestamptz not null,
    who text not null,
    call_id text not null,
    what text not null
);

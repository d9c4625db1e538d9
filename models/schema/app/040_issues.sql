-- What people decide about recurring issues. One row per issue that anybody decided anything about; history in `changes`.
-- The machine reads this and never writes it.

create table issue_decisions (
    issue_id text primary key,
    name text,                           -- null: the machine's name
    actionable boolean check (actionable in (0, 1)),   -- null: not decided
    owner text,
    cause text,
    planned_fix text,
    fix_on date,                         -- local date from which the fix holds
    merged_into text,                    -- the issue that this one is part of
    split_from text,                     -- the issue that this one was split off from
    statements text,                     -- JSON list of [call_id, turn_no]: what was split off
    written_at timestamptz not null,
    written_by text not null
);

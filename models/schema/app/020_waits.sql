-- Targets say more: flow-outs, a limit for every call, a ceiling for abandonment. One target per queue and day.
-- What people change is kept in `changes`, before and after, so that it can be undone.

alter table targets add column flow_outs_count boolean not null default 0 check (flow_outs_count in (0, 1));
alter table targets add column all_calls_limit_s real check (all_calls_limit_s > 0);
alter table targets add column abandon_ceiling real check (abandon_ceiling > 0 and abandon_ceiling <= 1);

create unique index one_target_per_queue_and_day on targets (queue, valid_from);

create table assumptions (
    name text primary key,
    value real not null check (value >= 0),
    written_at timestamptz not null,
    written_by text not null
);

create table changes (
    change_id integer primary key,
    changed_at timestamptz not null,
    changed_by text not null,
    what text not null,                  -- the table: targets, assumptions
    item text not null,                  -- JSON of the key
    before text,                         -- JSON of the row; null: there was none
    after text,                          -- JSON of the row; null: it was removed
    undoes integer references changes (change_id)
);

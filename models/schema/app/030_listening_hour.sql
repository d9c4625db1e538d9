-- The listening hour. Histories only grow: what holds now is the last row of each, an undo is a row, too.

create table playlists (
    reviewer text not null,
    week text not null,                  -- ISO week in the call centre's time zone, like 2026-W09
    seed integer not null,               -- with the same calls to draw from, the same seed draws the same playlist
    mix text not null,                   -- the setting listening_mix at that time
    target_s real not null,
    frame_calls integer not null,        -- calls it was drawn from
    drawn_at timestamptz not null,
    primary key (reviewer, week)
);

create table playlist_calls (
    reviewer text not null,
    week text not null,
    position integer not null,           -- from 1
    call_id text not null,
    pick text not null check (pick in ('random', 'at_risk', 'long_wait', 'exemplary', 'uncertain')),
    probability real not null check (probability > 0 and probability <= 1),
    duration_s real not null,
    replaces text,                       -- the call it stands in for
    replaced_by text,
    replaced_reason text,
    replaced_at timestamptz,
    primary key (reviewer, week, position),
    unique (reviewer, week, call_id),
    foreign key (reviewer, week) references playlists (reviewer, week)
);

create table reveals (
    reviewer text not null,
    call_id text not null,
    criterion text not null,             -- '*' is every criterion
    at timestamptz not null,
    primary key (reviewer, call_id, criterion)
);

create table review_edits (
    edit_id integer primary key,
    reviewer text not null,
    call_id text not null,
    criterion text not null,
    result text check (result in ('met', 'not_met', 'not_applicable', 'not_assessable')),  -- null: taken back
    blind boolean not null check (blind in (0, 1)),
    automatic_result text,               -- what the reviewer then saw, and by which scorecard
    scorecard_version text,
    agreed boolean check (agreed in (0, 1)),
    turn_no integer,                     -- the turn that shows it, as the reviewer says
    undoes integer references review_edits (edit_id),
    written_at timestamptz not null
);
create index review_edits_of_call on review_edits (call_id, reviewer, criterion);

create table remark_edits (
    edit_id integer primary key,
    remark_id integer not null,          -- the edit_id of its first edit
    reviewer text not null,
    call_id text not null,
    kind text not null check (kind in ('note', 'coaching', 'story', 'issue', 'complaint')),
    at_s real,                           -- the moment in the call; null: the call as a whole
    text text not null,
    withdrawn boolean not null check (withdrawn in (0, 1)),
    written_at timestamptz not null
);
create index remark_edits_of_call on remark_edits (call_id, reviewer);

create table closing_note_edits (
    edit_id integer primary key,
    reviewer text not null,
    week text not null,
    text text not null,
    written_at timestamptz not null
);

create table calibration_sets (
    set_id integer primary key,
    name text not null,
    created_by text not null,
    created_at timestamptz not null
);

create table calibration_calls (
    set_id integer not null references calibration_sets (set_id),
    position integer not null,
    call_id text not null,
    primary key (set_id, position),
    unique (set_id, call_id)
);

create table calibration_reviewers (
    set_id integer not null references calibration_sets (set_id),
    reviewer text not null,
    finished_at timestamptz,
    primary key (set_id, reviewer)
);

-- The team: what agents gave at their discretion, one idea a month, thanks, read coaching notes, and clips of stories.

create table goodwill (
    goodwill_id integer primary key,
    agent text not null,
    given_on date not null,
    value real not null check (value >= 0),
    what text not null,
    why text,
    customer_id text,
    call_id text,
    written_at timestamptz not null,
    written_by text not null
);

create table ideas (
    idea_id integer primary key,
    employee text not null,
    month text not null,                 -- YYYY-MM
    text text not null,
    status text not null check (status in ('new', 'under_way', 'done', 'declined')),
    answer text,
    written_at timestamptz not null,
    written_by text not null,
    unique (employee, month)
);

create table recognitions (
    recognition_id integer primary key,
    employee text not null,
    given_on date not null,
    text text not null,
    call_id text,
    written_at timestamptz not null,
    written_by text not null
);

create table coaching_reads (
    remark_id integer primary key,       -- a remark of the kind coaching
    answer text,
    written_at timestamptz not null,
    written_by text not null
);

create table story_clips (
    remark_id integer primary key,       -- a remark of the kind story
    from_s real not null check (from_s >= 0),
    to_s real not null,
    reason text not null,
    written_at timestamptz not null,
    written_by text not null,
    check (to_s > from_s)
);

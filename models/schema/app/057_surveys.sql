-- Surveys as they were sent and answered, read from CSV. A file counts as long as its row is in survey_files: taking an
-- import back removes that row (history in `changes`), reading the file again brings it back.

create table survey_files (
    sha256 text primary key,
    name text not null,
    lowest real not null,                -- the scale of the ratings
    highest real not null,
    lines integer not null,              -- below the header
    kept integer not null,
    refused integer not null,
    written_at timestamptz not null,
    written_by text not null,
    check (lowest < highest)
);

create table survey_lines (
    sha256 text not null,
    line_no integer not null,
    survey_key text not null,            -- what the same survey in another file is known by
    call_id text,
    customer_id text,
    sent_at timestamptz,
    answered_at timestamptz,
    open_answer text,
    rating real,
    primary key (sha256, line_no)
);

create table refused_surveys (
    sha256 text not null,
    line_no integer not null,            -- from 1
    reason text not null,
    raw text not null,
    primary key (sha256, line_no)
);

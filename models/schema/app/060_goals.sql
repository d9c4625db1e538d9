-- Goals, and the operational figures behind some of them. One row each, history in `changes`.

create table goals (
    measure text primary key,            -- a measure: see the view measures
    direction text not null check (direction in ('at_least', 'at_most')),
    target real,                         -- in the unit of the measure; shares are 0 to 1
    owner text,
    due_on date,                         -- local date by which it is to be met
    written_at timestamptz not null,
    written_by text not null
);

create table own_figures (
    figure text primary key,             -- own-1, own-2…
    name text not null,
    unit text,                           -- as it is shown after the number: %, days, €…
    adds_up boolean not null check (adds_up in (0, 1)),  -- whether periods are summed up, else averaged
    written_at timestamptz not null,
    written_by text not null
);

create table figures (
    figure text not null,                -- see the view figure_kinds
    day date not null,                   -- the first local day of what it stands for: a day, a week or a month
    value real not null,
    source text not null,                -- the file it was read from; typed where somebody typed it
    line_no integer,
    written_at timestamptz not null,
    written_by text not null,
    primary key (figure, day)
);

create table figure_files (
    sha256 text primary key,
    name text not null,
    lines integer not null,
    kept integer not null,               -- values written or known already
    refused integer not null,            -- lines
    written_at timestamptz not null,
    written_by text not null
);

create table refused_figures (
    sha256 text not null references figure_files (sha256),
    line_no integer not null,
    reason text not null,
    raw text not null,
    primary key (sha256, line_no)
);

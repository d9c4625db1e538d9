-- The self-assessment: who answers what. Answers only grow: what holds is the last of each; an undo is a row, too.

create table assessment_statements (
    version text not null,               -- of data/self_assessment.toml
    statement text not null,             -- area.number
    area text not null,
    area_name text not null,
    text text not null,                  -- in English
    primary key (version, statement)
);

create table assessments (
    assessment_id integer primary key,
    respondent text not null,
    version text not null,
    started_at timestamptz not null,
    started_by text not null
);

create table assessment_edits (
    edit_id integer primary key,
    assessment_id integer not null references assessments (assessment_id),
    statement text not null,
    score integer check (score between 1 and 5),   -- null: taken back
    undoes integer references assessment_edits (edit_id),
    written_at timestamptz not null,
    written_by text not null
);
create index assessment_edits_of on assessment_edits (assessment_id, statement);

-- What judging found. automatic_results and automatic_evidence are what the scorecard (or the remote judge) decided;
-- the public criterion_results and evidence are made of them (views/110_judging.sql).

create table scorecards (
    version varchar not null, content varchar not null, first_used_at timestamptz not null, criteria integer not null,
    in_force boolean not null
);

create table scorecard_criteria (
    version varchar not null, position integer not null, criterion varchar not null, language varchar not null,
    name varchar not null, definition varchar not null, applies varchar not null,
    weight double not null, auto_fail boolean not null
);

create table judged_calls (
    call_id varchar not null, scorecard_version varchar not null, judge varchar not null,
    transcript_loaded_at timestamptz not null, language varchar, wait_s double, recordings bigint not null,
    overall double, auto_failed varchar[] not null,
    interruptions integer, talk_over_s double, dead_air integer, longest_dead_air_s double,
    holds integer not null, holds_asked integer not null, holds_thanked integer not null, greeting_after_s double
);

create table automatic_results (
    call_id varchar not null, criterion varchar not null, result varchar not null, scorecard_version varchar not null,
    score double, confidence double not null, reason varchar not null, judge varchar not null
);

create table automatic_evidence (
    call_id varchar not null, criterion varchar not null, evidence_no integer not null, turn_no integer not null,
    start_s double, end_s double, quote varchar not null, points varchar not null, why varchar not null
);

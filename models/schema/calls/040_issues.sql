-- What customers say is wrong, and the issues that recur in it. Made by ingest/issues.py; what people decide about them is
-- in app.sqlite. The public issues and call_issues are made of both (views/130_issues.sql).

create table statement_calls (
    call_id varchar not null, transcript_loaded_at timestamptz not null, version varchar not null,
    language varchar, troubled boolean
);

create table problem_statements (
    call_id varchar not null, statement_no integer not null, turn_no integer not null, language varchar not null,
    quote varchar not null, words varchar[] not null, answer varchar[] not null,
    issue_id varchar, split_id varchar, likeness double
);

create table found_issues (
    issue_id varchar not null, language varchar not null, machine_name varchar not null, phrases varchar[] not null,
    quote varchar not null, quote_call_id varchar not null, quote_turn_no integer not null, named_for integer not null
);

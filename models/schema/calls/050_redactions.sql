-- What was taken out of transcripts before they were written (models/redaction): only the number, by kind.

create table redactions (
    call_id varchar not null, kind varchar not null, count integer not null
);

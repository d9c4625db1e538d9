-- remarks, closing_notes: what reviewers wrote and stands; the tables of edits keep how they came to it.

create or replace view remarks as
with latest as (
    select *, row_number() over (partition by remark_id order by edit_id desc) as place from remark_edits
)
select remark_id, reviewer, call_id, kind, at_s, text, written_at from latest where place = 1 and not withdrawn;

create or replace view closing_notes as
with latest as (
    select *, row_number() over (partition by reviewer, week order by edit_id desc) as place,
           min(edit_id) over (partition by reviewer, week) as note_id
    from closing_note_edits
)
select note_id, reviewer, week, text, written_at from latest where place = 1 and text <> '';

comment on view remarks is 'One row per remark that stands: what reviewers wrote down about calls. Key: remark_id.';
comment on column remarks.remark_id is 'Number of the remark.';
comment on column remarks.reviewer is 'Who wrote it.';
comment on column remarks.call_id is 'The call.';
comment on column remarks.kind is 'note, coaching (a point to coach), story (exemplary, for the story shelf), issue (a problem that may recur) or complaint (one to open).';
comment on column remarks.at_s is 'The moment in seconds of the call; null: the call as a whole.';
comment on column remarks.text is 'The words.';
comment on column remarks.written_at is 'When it was last changed (UTC).';

comment on view closing_notes is 'One row per reviewer and week: what they heard this week, in their words. Key: reviewer, week.';
comment on column closing_notes.note_id is 'Its number: the edit_id of its first wording.';
comment on column closing_notes.reviewer is 'Who wrote it.';
comment on column closing_notes.week is 'ISO week in the call centre''s time zone.';
comment on column closing_notes.text is 'The words.';
comment on column closing_notes.written_at is 'When it was last changed (UTC).';

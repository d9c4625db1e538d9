-- listener_hints: one row per hint, a remark of the kind issue or a closing note, with what became of it. Part of no figure:
-- what is counted in issues is what is found in transcripts.
create or replace view listener_hints as
with said as (
    select 'remark ' || remark_id as hint, 'remark' as source, reviewer, null as week, call_id, at_s, text, written_at
    from remarks
    where kind = 'issue'
    union all
    select 'note ' || note_id, 'note', reviewer, week, null, null, text, written_at
    from closing_notes
)
select
    s.hint, s.source, s.reviewer, s.week, s.call_id, s.at_s, s.text, s.written_at,
    case when d.hint is null then 'open' when d.issue_id is null then 'dismissed' else 'placed' end as status,
    coalesce(h.head_id, d.issue_id) as issue_id, d.reason, d.written_by as decided_by, d.written_at as decided_at
from said s
left join issue_hints d on d.hint = s.hint
left join issue_heads h on h.issue_id = d.issue_id;

comment on view listener_hints is 'One row per hint at a recurring issue from somebody who listened: a remark of the kind issue, or a closing note. Part of no figure: issues are counted in transcripts. Key: hint.';
comment on column listener_hints.hint is 'remark and its remark_id, or note and the edit_id of its first wording.';
comment on column listener_hints.source is 'remark or note.';
comment on column listener_hints.reviewer is 'Who wrote it.';
comment on column listener_hints.week is 'The ISO week of a closing note; null for a remark.';
comment on column listener_hints.call_id is 'The call of a remark; null for a closing note.';
comment on column listener_hints.at_s is 'The moment in seconds of the call; null: the call as a whole.';
comment on column listener_hints.text is 'The words.';
comment on column listener_hints.written_at is 'When it was last changed (UTC).';
comment on column listener_hints.status is 'open (nobody has looked at it), placed (about an issue) or dismissed.';
comment on column listener_hints.issue_id is 'The issue that it is about, after merging; see issues.';
comment on column listener_hints.reason is 'Why it was dismissed.';
comment on column listener_hints.decided_by is 'Who placed or dismissed it.';
comment on column listener_hints.decided_at is 'When (UTC).';

comment on table issue_hints is 'One row per hint from listeners that was placed or dismissed. Read listener_hints for all of them. Key: hint.';
comment on column issue_hints.hint is 'See listener_hints.hint.';
comment on column issue_hints.call_id is 'The call of the remark; null for a closing note.';
comment on column issue_hints.issue_id is 'The issue that it is about; null: dismissed.';
comment on column issue_hints.reason is 'Why it was dismissed.';
comment on column issue_hints.written_at is 'When it was last changed (UTC).';
comment on column issue_hints.written_by is 'Who changed it.';

-- reviews: what reviewers say now; the table of edits keeps how they came to it.
-- human_results: one row per call x criterion, what most reviewers say; of as many, what was said first.

create or replace view reviews as
with latest as (
    select *, row_number() over (partition by reviewer, call_id, criterion order by edit_id desc) as place
    from review_edits
)
select reviewer, call_id, criterion, result, automatic_result, agreed, blind, turn_no, scorecard_version, written_at, edit_id
from latest where place = 1 and result is not null;

create or replace view human_results as
with counted as (
    select call_id, criterion, result, count(*) as votes, min(edit_id) as first_edit,
           max(scorecard_version) as scorecard_version
    from reviews group by call_id, criterion, result
),
ranked as (
    select *,
        sum(votes) over (partition by call_id, criterion) as reviewers,
        sum(votes) filter (result = 'met') over (partition by call_id, criterion) as met,
        sum(votes) filter (result in ('met', 'not_met')) over (partition by call_id, criterion) as told,
        row_number() over (partition by call_id, criterion order by votes desc, first_edit) as place
    from counted
)
select
    call_id, criterion, result,
    coalesce(scorecard_version, (select version from scorecards where in_force), '') as scorecard_version,
    case when result in ('met', 'not_met') then coalesce(met, 0) / told end as score,
    votes / reviewers as confidence, reviewers::bigint as reviewers
from ranked where place = 1;

comment on view reviews is 'One row per reviewer, call and criterion: what they judge now. Key: reviewer, call_id, criterion.';
comment on column reviews.reviewer is 'Who judged.';
comment on column reviews.call_id is 'The call.';
comment on column reviews.criterion is 'The criterion; see scorecard_criteria.';
comment on column reviews.result is 'met, not_met, not_applicable (no occasion arose) or not_assessable (can''t be told).';
comment on column reviews.automatic_result is 'The automatic result that the reviewer was shown after judging; null when there was none.';
comment on column reviews.agreed is 'Whether the reviewer, having seen the evidence, holds the automatic result for right; null until they say.';
comment on column reviews.blind is 'True when this was judged before the automatic result was shown; only blind judgements count for agreement.';
comment on column reviews.turn_no is 'The turn that shows it, as the reviewer says.';
comment on column reviews.scorecard_version is 'The scorecard whose result was shown.';
comment on column reviews.written_at is 'When it was written (UTC).';
comment on column reviews.edit_id is 'The edit that holds; see review_edits.';

comment on view human_results is 'One row per call and criterion that people judged: what most of them say. Key: call_id, criterion. Part of criterion_results.';
comment on column human_results.call_id is 'The call.';
comment on column human_results.criterion is 'The criterion.';
comment on column human_results.result is 'What most reviewers say; of as many, what was said first.';
comment on column human_results.scorecard_version is 'The scorecard that they judged beside.';
comment on column human_results.score is 'Share of reviewers who say met among those who say met or not_met; null unless the result is one of these.';
comment on column human_results.confidence is 'Share of the reviewers who say so.';
comment on column human_results.reviewers is 'Number of reviewers.';

comment on table review_edits is 'One row per edit of a judgement, in order; nothing is ever removed. Read reviews for what holds. Key: edit_id.';
comment on column review_edits.edit_id is 'Number of the edit, rising with time.';
comment on column review_edits.reviewer is 'Who judged.';
comment on column review_edits.call_id is 'The call.';
comment on column review_edits.criterion is 'The criterion.';
comment on column review_edits.result is 'See reviews.result; null: taken back.';
comment on column review_edits.blind is 'See reviews.blind.';
comment on column review_edits.automatic_result is 'See reviews.automatic_result.';
comment on column review_edits.scorecard_version is 'See reviews.scorecard_version.';
comment on column review_edits.agreed is 'See reviews.agreed.';
comment on column review_edits.turn_no is 'See reviews.turn_no.';
comment on column review_edits.undoes is 'The edit that this one takes back.';
comment on column review_edits.written_at is 'When it was written (UTC).';

comment on table remark_edits is 'One row per edit of a remark, in order; nothing is ever removed. Read remarks for what holds. Key: edit_id.';
comment on column remark_edits.edit_id is 'Number of the edit, rising with time.';
comment on column remark_edits.remark_id is 'The remark.';
comment on column remark_edits.reviewer is 'Who wrote it.';
comment on column remark_edits.call_id is 'The call.';
comment on column remark_edits.kind is 'See remarks.kind.';
comment on column remark_edits.at_s is 'See remarks.at_s.';
comment on column remark_edits.text is 'The words.';
comment on column remark_edits.withdrawn is 'True when the remark was taken away by this edit.';
comment on column remark_edits.written_at is 'When it was written (UTC).';

comment on table closing_note_edits is 'One row per wording of a closing note, in order. Read closing_notes for the last one. Key: edit_id.';
comment on column closing_note_edits.edit_id is 'Number of the edit, rising with time.';
comment on column closing_note_edits.reviewer is 'Who wrote it.';
comment on column closing_note_edits.week is 'ISO week in the call centre''s time zone.';
comment on column closing_note_edits.text is 'The words.';
comment on column closing_note_edits.written_at is 'When it was written (UTC).';

comment on table reveals is 'Which automatic results each reviewer has been shown, since when. Key: reviewer, call_id, criterion.';
comment on column reveals.reviewer is 'The reviewer.';
comment on column reveals.call_id is 'The call.';
comment on column reveals.criterion is 'The criterion; * is every one.';
comment on column reveals.at is 'When they were first shown (UTC).';

comment on table playlists is 'One row per reviewer and week with a playlist. Key: reviewer, week.';
comment on column playlists.reviewer is 'The reviewer.';
comment on column playlists.week is 'ISO week in the call centre''s time zone.';
comment on column playlists.seed is 'Seed of the draw: the same calls and seed give the same playlist.';
comment on column playlists.mix is 'The setting listening_mix when it was drawn.';
comment on column playlists.target_s is 'Seconds of sound aimed at.';
comment on column playlists.frame_calls is 'Calls that it was drawn from.';
comment on column playlists.drawn_at is 'When it was drawn (UTC).';

comment on table playlist_calls is 'One row per call of a playlist, replaced ones too. Key: reviewer, week, position.';
comment on column playlist_calls.reviewer is 'The reviewer.';
comment on column playlist_calls.week is 'ISO week in the call centre''s time zone.';
comment on column playlist_calls.position is 'Place in the playlist, from 1.';
comment on column playlist_calls.call_id is 'The call.';
comment on column playlist_calls.pick is 'Why it was drawn: random, at_risk, long_wait, exemplary or uncertain. Only random picks speak for all calls.';
comment on column playlist_calls.probability is 'Probability of being drawn: for random picks the same for every call of the frame, known beforehand; for the others drawn / calls of that kind.';
comment on column playlist_calls.duration_s is 'Length of the call in seconds.';
comment on column playlist_calls.replaces is 'The call that it stands in for.';
comment on column playlist_calls.replaced_by is 'The call that stands in for it; null while it is to be heard.';
comment on column playlist_calls.replaced_reason is 'Why it was replaced, in the reviewer''s words.';
comment on column playlist_calls.replaced_at is 'When it was replaced (UTC).';

comment on table calibration_sets is 'One row per set of calls that several reviewers judge, each without seeing the others. Key: set_id.';
comment on column calibration_sets.set_id is 'Number of the set.';
comment on column calibration_sets.name is 'Name of the set.';
comment on column calibration_sets.created_by is 'Who made it.';
comment on column calibration_sets.created_at is 'When it was made (UTC).';

comment on table calibration_calls is 'One row per call of a calibration set. Key: set_id, position.';
comment on column calibration_calls.set_id is 'The set.';
comment on column calibration_calls.position is 'Place in the set, from 1.';
comment on column calibration_calls.call_id is 'The call.';

comment on table calibration_reviewers is 'One row per reviewer of a calibration set. Key: set_id, reviewer.';
comment on column calibration_reviewers.set_id is 'The set.';
comment on column calibration_reviewers.reviewer is 'The reviewer.';
comment on column calibration_reviewers.finished_at is 'When they said that they are done (UTC): from then on they see the others'' results.';

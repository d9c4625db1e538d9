-- criterion_results: one row per call x criterion. evidence: one row per quote behind a result.
create or replace view criterion_results as
select call_id, criterion, result, 'automatic' as source, scorecard_version, score, confidence, reason, judge
from automatic_results
union all
select
    call_id, criterion, result, 'human', scorecard_version, score, confidence,
    case when reviewers = 1 then 'one reviewer' else format('{} reviewers', reviewers) end, 'people'
from human_results;

create or replace view evidence as
select call_id, criterion, turn_no, start_s, end_s, quote, points, why, evidence_no, 'automatic' as source
from automatic_evidence
union all
select
    r.call_id, r.criterion, t.turn_no, t.start_s, t.end_s, t.text, case r.result when 'met' then 'for' else 'against' end,
    'reviewer', row_number() over (partition by r.call_id, r.criterion order by t.turn_no, r.edit_id)::integer, 'human'
from reviews r
join human_results h on h.call_id = r.call_id and h.criterion = r.criterion and h.result = r.result
join turns t on t.call_id = r.call_id and t.turn_no = r.turn_no
where r.result in ('met', 'not_met');

comment on view criterion_results is 'One row per call and criterion of the scorecard: the verdict on it. Key: call_id, criterion, source.';
comment on column criterion_results.call_id is 'The call.';
comment on column criterion_results.criterion is 'The criterion; see scorecard_criteria.';
comment on column criterion_results.result is 'met, not_met, not_applicable (no occasion arose) or not_assessable (needs an ear).';
comment on column criterion_results.source is 'automatic or human.';
comment on column criterion_results.scorecard_version is 'The scorecard it was judged by; see scorecards.';
comment on column criterion_results.score is '0 to 1, met from 0.5 on; null unless the result is met or not_met.';
comment on column criterion_results.confidence is 'How sure the judge is of the result, 0 to 1; for people, the share of the reviewers who say so.';
comment on column criterion_results.reason is 'Why, in a word or a few; for people, how many judged.';
comment on column criterion_results.judge is 'scorecard; learned: and the version of the model (see learned_models); remote: and the name of the model; or people.';

comment on view evidence is 'One row per quote behind a result: automatic met and not_met always have one. Key: call_id, criterion, source, evidence_no.';
comment on column evidence.call_id is 'The call.';
comment on column evidence.criterion is 'The criterion.';
comment on column evidence.turn_no is 'The turn it is quoted from; see turns.';
comment on column evidence.start_s is 'Beginning of the turn in seconds; null when the transcript had no times.';
comment on column evidence.end_s is 'End of the turn in seconds, exclusive; null when the transcript had no times.';
comment on column evidence.quote is 'The words, verbatim from the turn.';
comment on column evidence.points is 'for or against the criterion.';
comment on column evidence.why is 'The cue family that was heard, or "said instead" where what was needed was not said; reviewer for human evidence.';
comment on column evidence.evidence_no is 'Number of the quote for its call, criterion and source, from 1.';
comment on column evidence.source is 'automatic, or human: the turn that a reviewer named.';

comment on table automatic_results is 'What the scorecard decided; read criterion_results instead. Key: call_id, criterion.';
comment on column automatic_results.call_id is 'See criterion_results.call_id.';
comment on column automatic_results.criterion is 'See criterion_results.criterion.';
comment on column automatic_results.result is 'See criterion_results.result.';
comment on column automatic_results.scorecard_version is 'See criterion_results.scorecard_version.';
comment on column automatic_results.score is 'See criterion_results.score.';
comment on column automatic_results.confidence is 'See criterion_results.confidence.';
comment on column automatic_results.reason is 'See criterion_results.reason.';
comment on column automatic_results.judge is 'See criterion_results.judge.';

comment on table automatic_evidence is 'Quotes behind what the scorecard decided; read evidence instead. Key: call_id, criterion, evidence_no.';
comment on column automatic_evidence.call_id is 'See evidence.call_id.';
comment on column automatic_evidence.criterion is 'See evidence.criterion.';
comment on column automatic_evidence.evidence_no is 'See evidence.evidence_no.';
comment on column automatic_evidence.turn_no is 'See evidence.turn_no.';
comment on column automatic_evidence.start_s is 'See evidence.start_s.';
comment on column automatic_evidence.end_s is 'See evidence.end_s.';
comment on column automatic_evidence.quote is 'See evidence.quote.';
comment on column automatic_evidence.points is 'See evidence.points.';
comment on column automatic_evidence.why is 'See evidence.why.';

comment on table judged_calls is 'One row per judged call: what it was judged by and from, its overall score, and how it went. Key: call_id.';
comment on column judged_calls.call_id is 'The call.';
comment on column judged_calls.scorecard_version is 'The scorecard it was judged by.';
comment on column judged_calls.judge is 'scorecard, with the versions of learned models after a +; or remote: and the name of the model that judged.';
comment on column judged_calls.transcript_loaded_at is 'The transcript it was judged from: transcripts.loaded_at (UTC).';
comment on column judged_calls.language is 'The language it was judged in.';
comment on column judged_calls.wait_s is 'The wait it was judged with, in seconds.';
comment on column judged_calls.recordings is 'Number of its recordings when it was judged.';
comment on column judged_calls.overall is 'Weighted mean of the scores, 0 to 1; 0 when an auto-fail criterion is not met; null when nothing could be judged.';
comment on column judged_calls.auto_failed is 'Criteria that fail the call by themselves and were not met.';
comment on column judged_calls.interruptions is 'Times the agent made the customer stop; null when not measured (no times).';
comment on column judged_calls.talk_over_s is 'Seconds in which both spoke; null when not measured.';
comment on column judged_calls.dead_air is 'Silences of eight seconds or more that nobody announced; null when not measured.';
comment on column judged_calls.longest_dead_air_s is 'Longest silence between turns, in seconds; null when not measured.';
comment on column judged_calls.holds is 'Holds that were asked for, or that the agent thanked for.';
comment on column judged_calls.holds_asked is 'Holds that the agent asked for.';
comment on column judged_calls.holds_thanked is 'Times the agent thanked for holding or waiting.';
comment on column judged_calls.greeting_after_s is 'Seconds until the agent greets; null when not measured.';

comment on table scorecards is 'One row per scorecard that was used. Key: version.';
comment on column scorecards.version is 'Hash of its content.';
comment on column scorecards.content is 'The scorecard as it was written (TOML).';
comment on column scorecards.first_used_at is 'When it first judged a call (UTC).';
comment on column scorecards.criteria is 'Number of criteria.';
comment on column scorecards.in_force is 'True for the one that judges now.';

comment on table scorecard_criteria is 'One row per scorecard, criterion and language: what the criterion means. Key: version, criterion, language.';
comment on column scorecard_criteria.version is 'The scorecard.';
comment on column scorecard_criteria.position is 'Place of the criterion in the scorecard, from 1.';
comment on column scorecard_criteria.criterion is 'The criterion.';
comment on column scorecard_criteria.language is 'Language of the texts.';
comment on column scorecard_criteria.name is 'Name of the criterion.';
comment on column scorecard_criteria.definition is 'What it asks for.';
comment on column scorecard_criteria.applies is 'When it applies.';
comment on column scorecard_criteria.weight is 'Weight in the overall score.';
comment on column scorecard_criteria.auto_fail is 'Whether not meeting it fails the call by itself.';

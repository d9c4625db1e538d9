-- What a scorecard would have found in the made-up call centre of conftest.py: the same rows every time.
insert into scorecards values ('v1', '', timestamptz '2026-02-01 08:00:00+01', 8, true);
insert into scorecard_criteria
select 'v1', position, criterion, language, name || case language when 'fr' then ' (fr)' else '' end,
       'What ' || name || ' asks for.', 'When it applies.', 1.0, false
from (values (1, 'friendliness', 'Friendliness'), (2, 'empathy', '<b>Empathy</b>'), (3, 'options', 'Options'),
             (4, 'restatement', 'Restating'), (5, 'ownership', 'Owning'), (6, 'customer_idea', 'Idea'),
             (7, 'resolution', 'Resolution'), (8, 'satisfaction_check', 'Check')) c(position, criterion, name),
     (values ('en'), ('fr')) l(language);
insert into automatic_results
select call_id, criterion, result, 'v1', case result when 'met' then 0.8 when 'not_met' then 0.2 end, 0.8,
       case result when 'not_assessable' then 'too little was understood' else 'cues' end, 'scorecard'
from (
    select call_id, criterion,
           case when call_id = 'untimed' then 'met' when hash(call_id) % 20 = 0 then 'not_assessable'
                when criterion <> 'friendliness' and hash(call_id || criterion) % 3 = 0 then 'not_applicable'
                when hash(criterion || call_id) % 100 < 80 - 10 * position then 'met' else 'not_met' end as result
    from calls, (select criterion, position from scorecard_criteria where language = 'en')
    where has_transcript
);
insert into automatic_evidence
select call_id, criterion, 1, 1, 0.0, 5.0, 'A quote of the first turn', case result when 'met' then 'for' else 'against' end, 'cue'
from automatic_results where result in ('met', 'not_met');
insert into judged_calls (call_id, scorecard_version, judge, transcript_loaded_at, recordings, auto_failed, holds,
                          holds_asked, holds_thanked)
select distinct call_id, 'v1', 'scorecard', timestamptz '2026-03-01 08:00:00+01', 0, []::varchar[], 0, 0, 0
from automatic_results;
update calls set predicted_satisfaction = (hash(call_id) % 401)::integer / 100.0 - 2 where has_transcript;
update judged_calls set greeting_after_s = 2.5, dead_air = 3, longest_dead_air_s = 14, talk_over_s = 1.5, holds = 5, holds_asked = 4,
       holds_thanked = 2
where call_id <> 'untimed';

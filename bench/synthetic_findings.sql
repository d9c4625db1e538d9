-- What judging, issues and predictions would have found in the calls of synthetic_store.sql: made up, with the sizes of real findings.
create or replace temp macro u(i, k) as (hash(i * 64 + k) % 1000003) / 1000003.0;

create or replace temp table heard as
select row_number() over (order by c.started_at, c.call_id) as i, t.call_id, t.loaded_at, t.language, c.wait_s
from transcripts t join calls c on c.call_id = t.call_id;

insert into judged_calls (call_id, scorecard_version, judge, transcript_loaded_at, language, wait_s, recordings, overall,
                          auto_failed, interruptions, talk_over_s, dead_air, longest_dead_air_s, holds, holds_asked,
                          holds_thanked, greeting_after_s)
select call_id, $scorecard, 'scorecard', loaded_at, language, wait_s, 0, u(i, 20), [], 0, 0, 0, 3, 0, 0, 0, 0.4
from heard order by i;

insert into automatic_results (call_id, criterion, result, scorecard_version, score, confidence, reason, judge)
select h.call_id, k.criterion, r.result, $scorecard, case r.result when 'met' then 0.9 when 'not_met' then 0.2 end, 0.7,
       'heard', 'scorecard'
from heard h
cross join (select distinct criterion, position from scorecard_criteria where version = $scorecard) k,
lateral (select case when u(h.i, 21 + k.position) < 0.5 then 'met' when u(h.i, 21 + k.position) < 0.65 then 'not_met'
                     when u(h.i, 21 + k.position) < 0.9 then 'not_applicable' else 'not_assessable' end as result) r
order by h.i, k.position;

insert into automatic_evidence (call_id, criterion, evidence_no, turn_no, start_s, end_s, quote, points, why)
select call_id, criterion, 1, 3, 12.0, 17.5, 'I am sorry about that, it must be annoying to pay twice.',
       case result when 'met' then 'for' else 'against' end, 'apology'
from automatic_results where result in ('met', 'not_met') and call_id in (select call_id from heard where i % 10 = 0);

insert into satisfaction (call_id, predicted, version, transcript_loaded_at)
select call_id, round(u(i, 50) * 4 - 2, 3), 'made up', loaded_at from heard order by i;

insert into statement_calls (call_id, transcript_loaded_at, version, language, troubled)
select call_id, loaded_at, 'made up', language, u(i, 51) < 0.6 from heard order by i;

insert into problem_statements (call_id, statement_no, turn_no, language, quote, words, answer, issue_id, split_id, likeness)
select call_id, 1, 2, language, 'I was charged twice for the same bill and I would like my money back. Reference ' || i % 9973 || '.',
       ['charged', 'twice', 'bill', 'money', 'w' || i % 5000], ['refund', 'today'],
       printf('i-%03d', (power(u(i, 52), 2) * $issues)::integer), null, round(0.4 + u(i, 53) / 2, 4)
from heard where u(i, 54) < 0.35 order by i;

insert into found_issues (issue_id, language, machine_name, phrases, quote, quote_call_id, quote_turn_no, named_for)
select issue_id, 'en', 'charged twice ' || issue_id, ['charged twice', issue_id], any_value(quote), min(call_id), 2, count(*)
from problem_statements group by issue_id order by issue_id;

update calls set predicted_satisfaction = s.predicted from satisfaction s where s.call_id = calls.call_id;

drop table heard

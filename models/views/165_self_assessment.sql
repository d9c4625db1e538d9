-- The self-assessment: answers that hold, area means, totals and bands. Only whole ones have a total.

-- The band of a total of 7 to 35: 28 and more, 21 to under 28, below 21.
create or replace macro assessment_band(total) as
    case when total >= 28 then 'asset' when total >= 21 then 'adequate' when total is not null then 'losing' end;
comment on macro assessment_band is 'What a total of 7 to 35 means: asset (28 and more: the service is an asset), adequate (21 to under 28), losing (below 21: losing customers).';

create or replace view assessment_answers as
with latest as (
    select *, row_number() over (partition by assessment_id, statement order by edit_id desc) as place from assessment_edits
)
select l.assessment_id, a.respondent, s.area, l.statement, l.score, s.text, l.written_at
from latest l
join assessments a on a.assessment_id = l.assessment_id
join assessment_statements s on s.version = a.version and s.statement = l.statement
where l.place = 1 and l.score is not null;

-- assessment_areas: one row per assessment x area. mean = sum of scores / statements, once all of them are answered.
create or replace view assessment_areas as
with asked as (
    select a.assessment_id, a.respondent, s.area, any_value(s.area_name) as area_name, count(*) as statements
    from assessments a
    join assessment_statements s on s.version = a.version
    group by all
)
select q.assessment_id, q.respondent, q.area, q.area_name, q.statements, count(n.score) as answered,
       case when count(n.score) = q.statements then sum(n.score) / q.statements end as mean
from asked q
left join assessment_answers n on n.assessment_id = q.assessment_id and n.area = q.area
group by q.assessment_id, q.respondent, q.area, q.area_name, q.statements;

-- assessment_results: one row per assessment. total = sum of the area means; rounded, for thirds do not add up exactly.
create or replace view assessment_results as
with summed as (
    select assessment_id, sum(statements)::bigint as asked, sum(areas.answered)::bigint as answered,
           case when count(mean) = count(*) then round(sum(mean), 9) end as total
    from assessment_areas areas
    group by assessment_id
),
written as (
    select assessment_id, max(written_at) as last_at from assessment_answers group by assessment_id
)
select a.assessment_id, a.respondent, a.version, a.started_at, a.started_by, w.last_at as answered_at, s.asked as statements, s.answered,
       s.total is not null as is_whole, s.total, assessment_band(s.total) as band,
       s.total is not null and row_number() over (partition by a.respondent, s.total is not null order by w.last_at desc, a.assessment_id desc) = 1
           as is_newest
from assessments a
join summed s on s.assessment_id = a.assessment_id
left join written w on w.assessment_id = a.assessment_id;

comment on view assessment_answers is 'One row per answer that stands. Key: assessment_id, statement.';
comment on column assessment_answers.assessment_id is 'The assessment; see assessment_results.';
comment on column assessment_answers.respondent is 'Who answered.';
comment on column assessment_answers.area is 'One of seven areas.';
comment on column assessment_answers.statement is 'The statement: area and number.';
comment on column assessment_answers.score is '1 (not at all true) to 5 (wholly true).';
comment on column assessment_answers.text is 'The statement in English.';
comment on column assessment_answers.written_at is 'When it was answered last (UTC).';

comment on view assessment_areas is 'One row per assessment and area. Key: assessment_id, area.';
comment on column assessment_areas.assessment_id is 'The assessment; see assessment_results.';
comment on column assessment_areas.respondent is 'Who answered.';
comment on column assessment_areas.area is 'One of seven areas.';
comment on column assessment_areas.area_name is 'What it is called.';
comment on column assessment_areas.statements is 'Statements in the area.';
comment on column assessment_areas.answered is 'How many of them are answered.';
comment on column assessment_areas.mean is 'Mean of the answers, 1 to 5; null until all are answered.';

comment on view assessment_results is 'One row per assessment. Key: assessment_id. Only whole ones have a total.';
comment on column assessment_results.assessment_id is 'Number of the assessment.';
comment on column assessment_results.respondent is 'Who answered.';
comment on column assessment_results.version is 'Version of the questionnaire; see assessment_statements.';
comment on column assessment_results.started_at is 'When it was begun (UTC).';
comment on column assessment_results.started_by is 'Who was at the dashboard then.';
comment on column assessment_results.answered_at is 'When it was last answered (UTC).';
comment on column assessment_results.statements is 'Statements in the questionnaire.';
comment on column assessment_results.answered is 'How many of them are answered.';
comment on column assessment_results.is_whole is 'Whether all are answered.';
comment on column assessment_results.total is 'Sum of the seven area means, 7 to 35; null until all are answered.';
comment on column assessment_results.band is 'asset (28 and more), adequate (21 to under 28), losing (below 21); null until all are answered.';
comment on column assessment_results.is_newest is 'Whether it is the newest whole one of its respondent.';

comment on table assessment_statements is 'One row per version of the questionnaire and statement. Key: version, statement.';
comment on column assessment_statements.version is 'The version.';
comment on column assessment_statements.statement is 'The statement: area and number.';
comment on column assessment_statements.area is 'One of seven areas.';
comment on column assessment_statements.area_name is 'What it is called, in English.';
comment on column assessment_statements.text is 'The statement, in English.';

comment on table assessments is 'One row per assessment that was begun; read assessment_results instead. Key: assessment_id.';
comment on column assessments.assessment_id is 'See assessment_results.assessment_id.';
comment on column assessments.respondent is 'See assessment_results.respondent.';
comment on column assessments.version is 'See assessment_results.version.';
comment on column assessments.started_at is 'See assessment_results.started_at.';
comment on column assessments.started_by is 'See assessment_results.started_by.';

comment on table assessment_edits is 'One row per answer given, changed or taken back, in order; read assessment_answers for what holds. Key: edit_id.';
comment on column assessment_edits.edit_id is 'Number of the edit, rising with time.';
comment on column assessment_edits.assessment_id is 'The assessment.';
comment on column assessment_edits.statement is 'The statement.';
comment on column assessment_edits.score is '1 to 5; null: taken back.';
comment on column assessment_edits.undoes is 'The edit that this one takes back.';
comment on column assessment_edits.written_at is 'When (UTC).';
comment on column assessment_edits.written_by is 'Who was at the dashboard.';

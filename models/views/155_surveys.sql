-- Surveys: what customers write and how they rate when asked. Files that were taken back count for nothing.

-- surveys: one row per survey that was sent; of several files the one with an answer tells, then the newest.
--   satisfaction = (rating - lowest) / (highest - lowest)
create or replace view surveys as
with held as (
    select l.*, f.name as source, f.lowest, f.highest, f.written_at as loaded_at,
           l.open_answer is not null or l.rating is not null as is_answered
    from survey_lines l
    join survey_files f on f.sha256 = l.sha256
),
newest as (
    from held
    qualify row_number() over (partition by survey_key order by is_answered desc, loaded_at desc, sha256, line_no desc) = 1
)
select
    n.survey_key as survey_id, n.call_id, coalesce(n.customer_id, c.customer_id) as customer_id, c.queue, c.agent_id, c.language,
    coalesce(n.sent_at, n.answered_at, c.started_at) as asked_at, n.sent_at, n.answered_at, n.is_answered, n.open_answer,
    n.rating, n.lowest, n.highest, (n.rating - n.lowest) / (n.highest - n.lowest) as satisfaction, c.predicted_satisfaction,
    n.source, n.line_no
from newest n
left join calls c on c.call_id = n.call_id;

comment on view surveys is 'One row per survey that was sent to a customer, answered or not; loaded in the dashboard from CSV. Response rate = avg(is_answered::integer). Key: survey_id.';
comment on column surveys.survey_id is 'The survey: the same in every file that tells of it.';
comment on column surveys.call_id is 'The call it asks about; null: the file names a customer alone.';
comment on column surveys.customer_id is 'The customer, as the file says, else the call.';
comment on column surveys.queue is 'The first queue of the call.';
comment on column surveys.agent_id is 'The agent who spoke last with the customer in the call.';
comment on column surveys.language is 'Language of the call.';
comment on column surveys.asked_at is 'When it was sent; where the file does not tell, when it was answered, else when the call began (UTC).';
comment on column surveys.sent_at is 'When it was sent (UTC); null: the file does not tell.';
comment on column surveys.answered_at is 'When it was answered (UTC); null: not answered, or the file does not tell.';
comment on column surveys.is_answered is 'Whether there is an answer in words or a rating.';
comment on column surveys.open_answer is 'What the customer wrote; card numbers and the like taken out.';
comment on column surveys.rating is 'The rating as given, from lowest to highest.';
comment on column surveys.lowest is 'The lowest rating of the scale.';
comment on column surveys.highest is 'The highest rating of the scale.';
comment on column surveys.satisfaction is 'The rating from 0 (lowest) to 1 (highest), comparable between scales.';
comment on column surveys.predicted_satisfaction is 'Predicted satisfaction of the same call, -2 to 2.';
comment on column surveys.source is 'The file.';
comment on column surveys.line_no is 'The line in it, from 1.';

-- Response rate = surveys answered / surveys sent.
create or replace macro response_rate(answered, sent) as answered / nullif(sent, 0);
comment on macro response_rate is 'Surveys answered / surveys sent. Use on sums; wilson_low(answered, sent - answered) and wilson_high give its 95 % interval.';

-- survey_agreement: do ratings and predictions of the same calls agree? Spearman's rank correlation; its 95 % interval is
-- Fisher's z with the standard error sqrt((1 + r²/2) / (n - 3)) (Bonett and Wright 2000).
create or replace view survey_agreement as
with pairs as (
    select satisfaction as given, predicted_satisfaction as predicted
    from surveys
    where satisfaction is not null and predicted_satisfaction is not null
),
ranked as (
    select rank() over (order by given) + (count(*) over (partition by given) - 1) / 2 as given_rank,
           rank() over (order by predicted) + (count(*) over (partition by predicted) - 1) / 2 as predicted_rank
    from pairs
),
told as (
    select count(*) as n, case when min(given_rank) < max(given_rank) and min(predicted_rank) < max(predicted_rank)
                               then least(1, greatest(-1, corr(given_rank, predicted_rank))) end as r
    from ranked
)
select
    n, r as spearman,
    case when n > 3 and abs(r) < 1 then tanh(atanh(r) - 1.959964 * sqrt((1 + r * r / 2) / (n - 3))) end as low,
    case when n > 3 and abs(r) < 1 then tanh(atanh(r) + 1.959964 * sqrt((1 + r * r / 2) / (n - 3))) end as high
from told;

comment on view survey_agreement is 'One row: how ratings in surveys and predicted satisfaction of the same calls agree.';
comment on column survey_agreement.n is 'Calls with both.';
comment on column survey_agreement.spearman is 'Spearman''s rank correlation, -1 to 1; null: too few, or all the same.';
comment on column survey_agreement.low is 'Lower end of its 95 % interval.';
comment on column survey_agreement.high is 'Upper end of its 95 % interval.';

comment on table survey_placed is 'Sentences of open answers that are like a recurring issue, made with the snapshot; what people merge and split is in survey_themes.';
comment on column survey_placed.survey_id is 'The survey; see surveys.';
comment on column survey_placed.sentence_no is 'Number of the sentence, from 1; 0: the whole answer.';
comment on column survey_placed.quote is 'What was written, as in the answer.';
comment on column survey_placed.issue_id is 'The issue as it was found.';
comment on column survey_placed.split_id is 'The part of it that people split off, if it is like that.';
comment on column survey_placed.likeness is 'Mean cosine with what callers say of it, 0 to 1.';

-- survey_themes: one row per answer x recurring issue: the same issues as those of calls.
create or replace view survey_themes as
with placed as (
    select p.survey_id, p.sentence_no, p.quote, p.likeness, coalesce(k.issue_id, p.issue_id) as issue_id
    from survey_placed p
    left join issue_heads k on k.issue_id = p.split_id
)
select s.survey_id, i.issue_id, i.name, p.quote, p.likeness, s.call_id, s.customer_id, s.queue, s.asked_at, s.satisfaction
from placed p
join issue_heads h on h.issue_id = p.issue_id
join issues i on i.issue_id = h.head_id
join surveys s on s.survey_id = p.survey_id and contains(s.open_answer, p.quote)
qualify row_number() over (partition by p.survey_id, h.head_id order by p.likeness desc, p.sentence_no) = 1;

comment on view survey_themes is 'One row per survey answer and recurring issue that it is about: the same issues as those of calls, see issues.';
comment on column survey_themes.survey_id is 'The survey; see surveys.';
comment on column survey_themes.issue_id is 'The issue, after merging and splitting.';
comment on column survey_themes.name is 'What the issue is called.';
comment on column survey_themes.quote is 'What the customer wrote about it.';
comment on column survey_themes.likeness is 'Mean cosine with what callers say of the issue, 0 to 1.';
comment on column survey_themes.call_id is 'The call that the survey asks about.';
comment on column survey_themes.customer_id is 'The customer.';
comment on column survey_themes.queue is 'The first queue of the call.';
comment on column survey_themes.asked_at is 'See surveys.asked_at.';
comment on column survey_themes.satisfaction is 'The rating in the same survey, 0 to 1.';

-- refused_survey_lines: what could not be used of the files that count.
create or replace view refused_survey_lines as
select f.name as source, r.line_no, r.reason, r.raw, f.written_at as refused_at
from refused_surveys r
join survey_files f on f.sha256 = r.sha256;

comment on view refused_survey_lines is 'One row per refused line of a file of surveys, kept as it was; files that were taken back left out.';
comment on column refused_survey_lines.source is 'The file.';
comment on column refused_survey_lines.line_no is 'Line in the file, from 1.';
comment on column refused_survey_lines.reason is 'What is wrong, in a sentence.';
comment on column refused_survey_lines.raw is 'The line as it was read; numbers of four digits and more may be taken out.';
comment on column refused_survey_lines.refused_at is 'When it was refused (UTC).';

comment on table survey_files is 'Files of surveys that count, one row per file; one that was taken back has no row here, history in changes. Key: sha256.';
comment on column survey_files.sha256 is 'SHA-256 of its bytes.';
comment on column survey_files.name is 'Its name.';
comment on column survey_files.lowest is 'Lowest rating of its scale.';
comment on column survey_files.highest is 'Highest rating of its scale.';
comment on column survey_files.lines is 'Lines below the header.';
comment on column survey_files.kept is 'Lines that were used.';
comment on column survey_files.refused is 'Lines that were refused.';
comment on column survey_files.written_at is 'When it was loaded (UTC).';
comment on column survey_files.written_by is 'Who loaded it.';

comment on table survey_lines is 'Used lines of all files of surveys, also of files taken back: see surveys for what counts. Key: sha256, line_no.';
comment on column survey_lines.sha256 is 'The file; see survey_files.';
comment on column survey_lines.line_no is 'Line in the file, from 1.';
comment on column survey_lines.survey_key is 'The survey; see surveys.survey_id.';
comment on column survey_lines.call_id is 'The call, as the file says.';
comment on column survey_lines.customer_id is 'The customer, as the file says.';
comment on column survey_lines.sent_at is 'When it was sent (UTC).';
comment on column survey_lines.answered_at is 'When it was answered (UTC).';
comment on column survey_lines.open_answer is 'What the customer wrote.';
comment on column survey_lines.rating is 'The rating as given.';

comment on table refused_surveys is 'Refused lines of all files of surveys, also of files taken back: see refused_survey_lines for what counts. Key: sha256, line_no.';
comment on column refused_surveys.sha256 is 'The file.';
comment on column refused_surveys.line_no is 'Line in the file, from 1.';
comment on column refused_surveys.reason is 'What is wrong, in a sentence.';
comment on column refused_surveys.raw is 'The line as it was read.';

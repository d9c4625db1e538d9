-- Where respondents differ most: statements of the newest whole assessment of each, the widest first.
with newest as (
    select n.* from assessment_answers n join assessment_results r on r.assessment_id = n.assessment_id where r.is_newest
)
select statement, any_value(area) as area, any_value(text) as text, count(*) as respondents, avg(score) as mean,
       min(score) as lowest, max(score) as highest, stddev_pop(score) as spread,
       list(respondent order by score, respondent) as people, list(score order by score, respondent) as scores
from newest
group by statement
having max(score) > min(score)
order by spread desc, statement
limit $most

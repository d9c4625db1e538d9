-- What do customers write about in surveys, and how many call about the same?
select t.name, count(*) as answers, avg(t.satisfaction) as satisfaction, any_value(i.calls) as calls, any_value(t.quote) as quote
from survey_themes t
join issues i on i.issue_id = t.issue_id
group by t.name
order by answers desc

-- What open answers of a half-open period are about, most first, beside the calls about it. Parameters: start, end, queues.
select t.issue_id, any_value(t.name) as name, count(*) as answers, avg(t.satisfaction) as satisfaction,
       (select count(*) from call_issues c where c.issue_id = t.issue_id and c.started_at >= $start and c.started_at < $end
          and ($queues is null or list_contains($queues::varchar[], c.queue))) as calls
from survey_themes t
where t.asked_at >= $start and t.asked_at < $end and ($queues is null or list_contains($queues::varchar[], t.queue))
group by t.issue_id
order by answers desc, name

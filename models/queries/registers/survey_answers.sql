-- Open answers of a half-open period, newest first, with the issue of each. Parameters: start, end, queues, issue (null: all),
-- zone, most.
with about as (
    select survey_id, string_agg(name, ', ' order by likeness desc) as themes, list(issue_id) as issue_ids from survey_themes group by survey_id
)
select
    s.survey_id, s.open_answer, s.rating, s.lowest, s.highest, timezone($zone, s.asked_at) as asked_at, s.queue, s.customer_id, s.call_id,
    a.themes, count(*) over () as answers
from surveys s
left join about a on a.survey_id = s.survey_id
where s.open_answer is not null and s.asked_at >= $start and s.asked_at < $end
  and ($queues is null or list_contains($queues::varchar[], s.queue))
  and ($issue is null or list_contains(a.issue_ids, $issue::varchar))
order by s.asked_at desc, s.survey_id
limit $most

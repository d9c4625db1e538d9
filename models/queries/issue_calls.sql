-- Calls with one issue in a half-open period and these queues, the most typical statements first, at most $most.
select c.call_id, c.turn_no, c.quote, c.started_at, c.queue, c.segment, c.customer_id, c.is_repeat, t.start_s,
       count(*) over () as calls
from call_issues c
left join turns t on t.call_id = c.call_id and t.turn_no = c.turn_no
where c.issue_id = $issue and c.started_at >= $start and c.started_at < $end
  and ($queues is null or list_contains($queues::varchar[], c.queue))
order by c.likeness desc, c.started_at desc, c.call_id
limit $most

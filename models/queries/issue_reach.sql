-- How many calls of a half-open period and these queues were read for issues, of how many that agents handled.
select count(*) filter (r.call_id is not null) as read_calls, count(*) as calls
from calls c
left join statement_calls r on r.call_id = c.call_id
where c.started_at >= $start and c.started_at < $end
  and ($queues is null or list_contains($queues::varchar[], c.queue))
  and (r.call_id is not null or c.outcome in ('answered', 'transferred'))

-- Calls with one issue in a half-open period and these queues, the most typical statements first, at most $most.
with chosen as (
    select *, count(*) over () as calls
    from call_issues
    where issue_id = $issue and started_at >= $start and started_at < $end
      and ($queues is null or list_contains($queues::varchar[], queue))
    order by likeness desc, started_at desc, call_id
    limit $most
)
select c.call_id, c.turn_no, c.quote, c.started_at, c.queue, c.segment, c.customer_id, c.is_repeat, t.start_s, c.calls
from chosen c
left join turns t on t.call_id = c.call_id and t.turn_no = c.turn_no
order by c.likeness desc, c.started_at desc, c.call_id

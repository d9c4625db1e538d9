-- Customers who gave up waiting in a half-open period and were not reached since, newest first; not those who must not be
-- called. Parameters: start, end, queues, zone, most.
select
    b.customer_id, b.call_id, b.queue, timezone($zone, b.entered_at) as entered_at, b.tries, b.waited_s, b.state,
    f.is_core, f.note, c.outcome, c.satisfied, c.note as said, c.written_by, timezone($zone, c.written_at) as called_at,
    count(*) over () as customers, count(c.outcome) over () as tried,
    count(*) filter (c.outcome = 'reached') over () as reached
from callers_to_call_back b
left join callbacks c on c.reason = 'lost' and c.call_id = b.call_id
left join customer_facts f on f.customer_id = b.customer_id
where b.entered_at >= $start and b.entered_at < $end and ($queues is null or list_contains($queues::varchar[], b.queue))
  and not coalesce(f.do_not_call, false)
order by c.outcome is not null, f.is_core desc nulls last, b.entered_at desc, b.call_id
limit $most

-- Who gave up waiting and was never reached since, and what came of calling back?
select b.customer_id, b.queue, b.entered_at, b.tries, b.waited_s, c.outcome, c.satisfied, c.note
from callers_to_call_back b
left join callbacks c on c.reason = 'lost' and c.call_id = b.call_id
left join customer_facts f on f.customer_id = b.customer_id
where not coalesce(f.do_not_call, false)
order by b.entered_at desc

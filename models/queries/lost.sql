-- One row: what became of the callers who hung up in a half-open period; see lost_callers.
select
    count(*) as known,
    count(*) filter (state = 'lost') as lost,
    count(distinct customer_id) filter (state = 'lost') as lost_customers,
    count(*) filter (state = 'back') as back,
    count(*) filter (state = 'reached') as reached,
    count(*) filter (state = 'open') as undecided
from lost_callers
where entered_at >= $start and entered_at < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($hours is null or is_open = ($hours = 'open'))

-- Every promise of one complaint and what became of it by $now, in the order they were made.
select promised_for, timezone($zone, made_at) as made_at, made_by, state, broken_by, timezone($zone, broken_at) as broken_at,
       broken_call_id
from complaint_promises_at($now)
where complaint_id = $complaint_id
order by made_at, promised_for

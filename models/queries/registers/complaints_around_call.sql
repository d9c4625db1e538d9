-- Complaints made in one call, and others of its customer, the newest first.
with one as (
    select call_id, customer_id from calls where call_id = $call_id
)
select c.complaint_id, c.kind, c.status, timezone($zone, c.received_at) as received_at, c.nature, c.promised_for,
       c.call_id is not distinct from one.call_id as is_of_call, s.is_open, s.age_days, s.promise_state, s.broken_promises,
       s.broken_by, s.broken_call_id is not distinct from one.call_id as is_broken_here, s.is_follow_up_due, s.is_unanswered
from complaints c
join one on c.call_id = one.call_id or (c.customer_id = one.customer_id and is_known_customer(one.customer_id))
join complaint_states_at($now) s on s.complaint_id = c.complaint_id
order by is_of_call desc, c.received_at desc, c.complaint_id desc
limit $limit

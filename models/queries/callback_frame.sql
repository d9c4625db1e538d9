-- Customers to draw from: each with an answered call since $start, and the newest of these. Parameters: start.
select customer_id, arg_max(call_id, started_at) as call_id
from calls
where started_at >= $start and outcome in ('answered', 'transferred') and is_known_customer(customer_id)
group by customer_id
order by customer_id

-- Customers who called again within a week (the setting return_days)
select customer_id, count(*) as calls_followed_by_another, min(started_at) as first_call, max(next_call_at) as last_call
from repeat_calls
group by customer_id
order by calls_followed_by_another desc, customer_id
limit 50;

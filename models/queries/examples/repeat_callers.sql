-- Customers who called again within seven days
with followed as (
    select customer_id, started_at,
           lead(started_at) over (partition by customer_id order by started_at) as next_call
    from calls
    where customer_id is not null
)
select customer_id, count(*) as calls_followed_by_another, min(started_at) as first_call, max(next_call) as last_call
from followed
where next_call < started_at + interval 7 days
group by customer_id
order by calls_followed_by_another desc, customer_id
limit 50;

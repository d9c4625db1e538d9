-- Customers who called again within seven days
select c.customer_id, count(*) as calls_followed_by_another, min(c.started_at) as first_call, max(n.started_at) as last_call
from calls c
join calls n
  on n.customer_id = c.customer_id and n.started_at > c.started_at and n.started_at < c.started_at + interval 7 days
group by c.customer_id
order by calls_followed_by_another desc, c.customer_id
limit 50;

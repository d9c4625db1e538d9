-- What is known of a call for a complaint made in it: the first problem that the customer names, and who they are.
select c.call_id, c.started_at, c.agent_id, c.customer_id, i.issue_id, i.quote,
       p.customer_name, p.customer_address, p.customer_phone
from calls c
left join call_issues i on i.call_id = c.call_id
left join (
    select customer_id, arg_max(customer_name, written_at) as customer_name, arg_max(customer_address, written_at) as customer_address,
           arg_max(customer_phone, written_at) as customer_phone
    from complaints group by customer_id
) p on p.customer_id = c.customer_id and is_known_customer(c.customer_id)
where c.call_id = $call_id
order by i.turn_no
limit 1

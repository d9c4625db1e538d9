-- What calls know of the complaints made in them. Parameter: ids.
select c.call_id, c.customer_id, c.agent_id as received_by, arg_min(i.issue_id, i.turn_no) as issue_id
from calls c
left join call_issues i on i.call_id = c.call_id
where list_contains($ids::varchar[], c.call_id)
group by c.call_id, c.customer_id, c.agent_id

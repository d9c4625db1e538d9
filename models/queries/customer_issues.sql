-- Issues that recur for one customer, most calls first. Parameters: customer, zone.
select
    c.issue_id, i.name, count(*) as calls, timezone($zone, max(c.started_at)) as last_at,
    arg_max(c.quote, c.started_at) as quote, arg_max(c.call_id, c.started_at) as call_id, arg_max(c.turn_no, c.started_at) as turn_no
from call_issues c
join issues i on i.issue_id = c.issue_id
where c.customer_id = $customer::varchar
group by c.issue_id, i.name
order by calls desc, last_at desc, c.issue_id

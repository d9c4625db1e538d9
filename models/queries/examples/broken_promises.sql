-- Promises that were broken, how, and the call that shows it
select p.complaint_id, c.customer_id, c.received_by, p.promised_for, p.broken_by, p.broken_at, p.broken_call_id, c.nature
from complaint_promises p
join complaints c on c.complaint_id = p.complaint_id
where p.state = 'broken'
order by p.broken_at desc
limit 100;

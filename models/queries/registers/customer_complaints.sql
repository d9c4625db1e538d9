-- Complaints of one customer, newest first. Parameters: customer, zone.
select complaint_id, timezone($zone, received_at) as at, kind, nature, status, call_id, issue_id, promised_for, satisfied_after,
       solution, status = 'promised' as is_promised
from complaints
where customer_id = $customer::varchar
order by received_at desc

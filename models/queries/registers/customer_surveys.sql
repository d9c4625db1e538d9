-- Surveys of one customer. Parameters: customer, zone.
select timezone($zone, asked_at) as at, call_id, is_answered, open_answer, rating, highest, satisfaction
from surveys
where customer_id = $customer::varchar and asked_at is not null
order by asked_at desc

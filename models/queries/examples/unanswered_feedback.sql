-- Comments from the website and by e-mail that nobody has answered, the oldest first
select c.complaint_id, c.received_at, s.age_days, c.channel, c.customer_name, c.nature
from complaints c
join complaint_states s on s.complaint_id = c.complaint_id
where s.is_unanswered
order by c.received_at
limit 100;

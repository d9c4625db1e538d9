-- Callers who hung up while waiting and were not back within a week (the setting return_days)
select customer_id, count(*) as hung_up, round(max(wait_s)) as longest_wait_s, max(entered_at) as last_attempt
from lost_callers
where state = 'lost'
group by customer_id
order by hung_up desc, last_attempt desc
limit 50;

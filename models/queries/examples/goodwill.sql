-- What agents gave at their discretion, the newest first: to learn what helps, never to rank anybody
select given_on, agent, what, value, why, customer_id, call_id
from goodwill
order by given_on desc, goodwill_id desc
limit 200;

-- Callers who hung up while waiting and never reached an agent afterwards
select v.customer_id, count(*) as hung_up, round(max(v.wait_s)) as longest_wait_s, max(v.entered_at) as last_attempt
from queue_visits v
where v.outcome = 'abandoned' and v.customer_id is not null
  and not exists (
    from queue_visits later
    where later.customer_id = v.customer_id and later.entered_at > v.entered_at
      and later.outcome in ('answered', 'transferred'))
group by v.customer_id
order by hung_up desc, last_attempt desc
limit 50;

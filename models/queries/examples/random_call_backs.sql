-- What do customers say who were called back at random, by week?
select p.week, count(*) as drawn, count(c.outcome) as called, count(*) filter (c.outcome = 'reached') as reached,
       count(*) filter (c.satisfied = 'yes') as satisfied,
       count(*) filter (c.satisfied = 'yes') / nullif(count(*) filter (c.satisfied in ('yes', 'no')), 0) as share_satisfied
from callback_picks p
left join callbacks c on c.reason = 'random' and c.call_id = p.call_id
group by p.week
order by p.week

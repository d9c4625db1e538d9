-- What the register asks for by $now.
select
    count(*) as complaints,
    count(*) filter (s.is_open and c.kind = 'complaint') as open,
    median(s.age_days) filter (s.is_open and c.kind = 'complaint') as median_age_days,
    count(*) filter (s.promise_state = 'due today' and c.status = 'promised') as due_today,
    count(*) filter (s.broken_promises > 0 and c.status <> 'closed') as broken,
    count(*) filter (s.is_follow_up_due) as follow_up_due,
    count(*) filter (s.is_unanswered) as unanswered,
    coalesce(sum(c.compensation_value), 0) as compensation,
    count(*) filter (c.satisfied_after = 'yes') as satisfied, count(*) filter (c.satisfied_after in ('yes', 'no')) as asked
from complaints c
join complaint_states_at($now) s on s.complaint_id = c.complaint_id

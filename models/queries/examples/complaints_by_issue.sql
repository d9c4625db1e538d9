-- Complaints by issue: how many, how long until resolved, how many customers were satisfied after
select coalesce(i.name, '(no issue named)') as issue, count(*) as complaints, count(*) filter (s.is_open) as still_open,
       median(s.age_days) filter (not s.is_open) as median_days_to_resolve,
       count(*) filter (c.satisfied_after = 'yes') as satisfied, count(*) filter (c.satisfied_after = 'no') as not_satisfied,
       sum(c.compensation_value) as compensation
from complaints c
join complaint_states s on s.complaint_id = c.complaint_id
left join issues i on i.issue_id = c.issue_id
where c.kind = 'complaint'
group by issue
order by complaints desc;

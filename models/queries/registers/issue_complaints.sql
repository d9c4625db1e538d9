-- What the complaints register says by $now about one issue, merged ones included, over all time; comments are left out.
select count(*) as complaints, count(*) filter (s.is_open) as open, coalesce(sum(s.broken_promises), 0)::bigint as broken_promises,
       coalesce(sum(c.compensation_value), 0) as compensation
from complaints c
join complaint_states_at($now) s on s.complaint_id = c.complaint_id
left join issue_heads h on h.issue_id = c.issue_id
where c.kind = 'complaint' and coalesce(h.head_id, c.issue_id) = $issue

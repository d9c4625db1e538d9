-- Complaints (no comments) by local week and issue; issue_id null: none was named.
select date_trunc('week', timezone($zone, c.received_at))::date as week, i.issue_id, i.name, count(*) as complaints
from complaints c
left join issue_heads h on h.issue_id = c.issue_id
left join issues i on i.issue_id = coalesce(h.head_id, c.issue_id)
where c.kind = 'complaint' and c.received_at >= $start
group by all
order by week, complaints desc, i.issue_id

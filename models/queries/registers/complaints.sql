-- Complaints and comments that pass the filters, with what is to be done about each by $now, most urgent first.
-- $week: the Monday of the local week in which they were received.
-- $show: open, due (promised until today), broken, follow_up, unanswered, done (resolved or closed) or all.
select c.*, s.is_open, s.age_days, s.age_band, s.promise_state, s.broken_promises, s.broken_by, s.broken_at,
       s.broken_call_id, s.is_follow_up_due, s.is_unanswered, i.name as issue_name, count(*) over () as complaints
from complaints c
join complaint_states_at($now) s on s.complaint_id = c.complaint_id
left join issue_heads h on h.issue_id = c.issue_id
left join issues i on i.issue_id = coalesce(h.head_id, c.issue_id)
where case $show
        when 'open' then s.is_open
        when 'due' then s.promise_state = 'due today' and c.status = 'promised'
        when 'broken' then s.broken_promises > 0 and c.status <> 'closed'
        when 'follow_up' then s.is_follow_up_due
        when 'unanswered' then s.is_unanswered
        when 'done' then not s.is_open
        else true end
  and ($kind is null or c.kind = $kind)
  and ($channel is null or c.channel = $channel)
  and ($issue is null or coalesce(h.head_id, c.issue_id) = $issue)
  and ($band is null or (s.age_band = $band and s.is_open))
  and ($week is null or date_trunc('week', timezone($zone, c.received_at))::date = $week::date)
  and ($find is null or contains(lower(concat_ws(' ', c.complaint_id::varchar, c.reference, c.customer_name, c.customer_id,
       c.customer_phone, c.nature, c.solution, c.received_by)), lower($find)))
order by s.is_open desc, (s.broken_promises > 0 and s.is_open) desc, s.age_days desc, c.complaint_id desc
limit $limit offset $offset

-- Who calls about one issue, beside all calls read there, by $split: queue, segment (as the source tells), or what people
-- know of customers: place (outside or inside the company), kind (professional or end_user), core (core or other).
-- A part that is '' is not known.
with part_of as (
    select c.call_id,
           coalesce(case $split when 'segment' then c.segment when 'place' then f.place when 'kind' then f.kind
                                when 'core' then case when f.is_core then 'core' when not f.is_core then 'other' end
                                else c.queue end, '') as part
    from statement_calls r
    join calls c on c.call_id = r.call_id
    left join customer_facts f on f.customer_id = c.customer_id and is_known_customer(c.customer_id)
    where c.started_at >= $start and c.started_at < $end
      and ($queues is null or list_contains($queues::varchar[], c.queue))
)
select p.part, count(i.call_id) as calls, count(distinct i.sufferer) as sufferers, count(*) as read_calls,
       count(i.call_id) / count(*) as share
from part_of p
left join call_issues i on i.call_id = p.call_id and i.issue_id = $issue
group by p.part
having count(i.call_id) > 0
order by calls desc, p.part

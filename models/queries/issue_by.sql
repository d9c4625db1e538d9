-- Who calls about one issue, by queue or segment ($split), beside all calls read there.
with part_of as (
    select c.call_id, case when $split = 'segment' then coalesce(c.segment, '') else coalesce(c.queue, '') end as part
    from statement_calls r
    join calls c on c.call_id = r.call_id
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

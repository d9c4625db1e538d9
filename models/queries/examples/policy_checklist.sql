-- The policy's check-list: what is in place, who said so, and what shows it
select t.text, t.done, t.evidence, t.written_by, t.written_at
from policy_ticks t
left join policy_items i on i.item = t.item
where not coalesce(i.left_out, false)
order by t.done desc, t.written_at;

-- Coaching notes, with whether the agent has read them and what they answered
select m.call_id, c.agent_id, m.reviewer, m.text, m.written_at, r.written_at as read_at, r.written_by as read_by, r.answer
from remarks m
left join calls c on c.call_id = m.call_id
left join coaching_reads r on r.remark_id = m.remark_id
where m.kind = 'coaching'
order by m.written_at desc
limit 200;

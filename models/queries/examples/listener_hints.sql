-- What listeners heard beside what was found: their hints by issue, open ones first
select h.status, i.name as issue, h.reviewer, h.week, h.call_id, h.at_s, h.text, h.reason
from listener_hints h
left join issues i on i.issue_id = h.issue_id
order by h.status = 'open' desc, issue, h.written_at desc
limit 200;

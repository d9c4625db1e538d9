-- Hints of listeners with the call of each, open ones first, then the newest.
select
    h.hint, h.source, h.reviewer, h.week, h.call_id, h.at_s, h.text, h.status, h.issue_id, h.reason, h.decided_by,
    timezone($zone, c.started_at) as started_at, c.outcome, c.duration_s
from listener_hints h
left join calls c on c.call_id = h.call_id
order by h.status <> 'open', h.written_at desc, h.hint

-- Keeps that these were taken out for want of consent, each once: see the view calls_without_consent.
insert into rejected_rows (source, line_no, reason, raw, refused_at)
select u.source, 0, $reason, u.call_id, $now
from unwilling u
where not exists (from rejected_rows r where r.source = u.source and r.reason = $reason and r.raw = u.call_id)

-- Refused rows, newest first, a bounded number of them.
select source, line_no, reason, left(raw, 300) as raw
from rejected_rows order by refused_at desc, source, line_no limit $limit

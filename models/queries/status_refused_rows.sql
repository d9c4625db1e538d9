-- Refused rows, newest first.
select source, line_no, reason, raw, refused_at
from rejected_rows
order by refused_at desc, source, line_no

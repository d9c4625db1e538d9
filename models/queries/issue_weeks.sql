-- Weeks of one issue, oldest first, of the calls that were read.
select week, calls, read_calls, share, calls_before, expected, p, p_corrected, is_emerging
from issue_weeks where issue_id = $issue order by week

-- Before and after the fix of one issue.
select fix_on, weeks, calls_before, read_before, calls_after, read_after, ratio, ratio_low, ratio_high, verdict
from issue_fixes where issue_id = $issue

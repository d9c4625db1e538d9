-- One row: medians and 90th percentiles of a half-open period, which do not add up from half hours.
with found as (
    from waits_by('all', 'all', from_at := $start, until_at := $end, queues := $queues, hours := $hours)
)
select median_wait_s, p90_wait_s, median_answered_wait_s, p90_answered_wait_s
from (values (1)) one(row) left join found on true

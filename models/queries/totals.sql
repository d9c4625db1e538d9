-- One row: what was offered in a half-open period, and how it was kept.
with found as (
    from waits_between('all', $start, $end, $queues, $hours)
)
select
    coalesce(offered, 0) as offered,
    coalesce(answered, 0) as answered,
    coalesce(abandoned, 0) as abandoned,
    coalesce(short_abandoned, 0) as short_abandoned,
    coalesce(flowed_out, 0) as flowed_out,
    coalesce(answered_in_target, 0) as answered_in_target,
    coalesce(abandoned_in_target, 0) as abandoned_in_target,
    coalesce(counted, 0) as counted,
    coalesce(late, 0) as late,
    coalesce(over_limit, 0) as over_limit,
    coalesce(transferred, 0) as transferred,
    coalesce(requeued, 0) as requeued,
    service_level, asa_s, abandon_rate, longest_wait_s, goal, threshold_s,
    all_calls_limit_s, abandon_ceiling, aht_s, talk_s, hold_s, acw_s, all_wait_s, days,
    coalesce(mixed_targets, false) as mixed_targets
from (values (1)) one(row) left join found on true

-- One row: what was offered in a half-open period, and how it was kept.
-- The goal over queues with different targets is the one that keeping each queue's own goal would give.
select
    coalesce(sum(offered), 0)::bigint as offered,
    coalesce(sum(answered), 0)::bigint as answered,
    coalesce(sum(abandoned), 0)::bigint as abandoned,
    coalesce(sum(short_abandoned), 0)::bigint as short_abandoned,
    coalesce(sum(flowed_out), 0)::bigint as flowed_out,
    coalesce(sum(answered_in_target), 0)::bigint as answered_in_target,
    service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
    average_speed_of_answer(sum(answered_wait_s), sum(answered)) as asa_s,
    abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)) as abandon_rate,
    max(longest_wait_s) as longest_wait_s,
    sum(goal * (answered + abandons_counted)) / nullif(sum(answered + abandons_counted), 0) as goal,
    min(threshold_s) as threshold_s,
    count(distinct (goal, threshold_s)) > 1 as mixed_targets
from service_level_by_interval
where interval_start >= $start and interval_start < $end
  and ($queues is null or list_contains($queues::varchar[], queue))

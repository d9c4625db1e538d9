-- One row per queue in a half-open period.
select
    queue,
    sum(offered)::bigint as offered,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
    sum(goal * (answered + abandons_counted)) / nullif(sum(answered + abandons_counted), 0) as goal,
    average_speed_of_answer(sum(answered_wait_s), sum(answered)) as asa_s,
    abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)) as abandon_rate,
    max(longest_wait_s) as longest_wait_s
from service_level_by_interval
where interval_start >= $start and interval_start < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
group by queue order by queue

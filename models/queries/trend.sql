-- One row per day or week ($grain) of the call centre's calendar in a half-open period.
select
    date_trunc($grain, timezone($zone, interval_start))::date as day,
    sum(offered)::bigint as offered,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
    average_speed_of_answer(sum(answered_wait_s), sum(answered)) as asa_s,
    abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)) as abandon_rate,
    sum(goal * (answered + abandons_counted)) / nullif(sum(answered + abandons_counted), 0) as goal,
    max(threshold_s) as threshold_s
from service_level_by_interval
where interval_start >= $start and interval_start < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
group by all order by day

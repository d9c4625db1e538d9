-- One row per ISO weekday (1 is Monday) and half hour of the day (0 to 47) of the call centre's clock.
select
    isodow(local_start)::integer as weekday,
    (hour(local_start) * 2 + minute(local_start) // 30)::integer as slot,
    sum(offered)::bigint as offered,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
    average_speed_of_answer(sum(answered_wait_s), sum(answered)) as asa_s,
    sum(goal * (answered + abandons_counted)) / nullif(sum(answered + abandons_counted), 0) as goal,
    (sum(answered) + sum(abandons_counted) - sum(answered_in_target))::bigint as late
from (
    select *, timezone($zone, interval_start) as local_start from service_level_by_interval
    where interval_start >= $start and interval_start < $end
      and ($queues is null or list_contains($queues::varchar[], queue))
)
group by all order by weekday, slot

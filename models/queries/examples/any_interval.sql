-- Any measure by any time: here each queue's hours of the newest week, with medians
select
    part as queue, interval_start, offered, round(100 * service_level, 1) as service_level_percent,
    round(median_wait_s, 1) as median_wait_s, round(p90_wait_s, 1) as p90_wait_s, round(aht_s) as handling_time_s
from waits_by('hour', 'queue', from_at := (select max(week_start) from clock))
order by interval_start desc, queue
limit 200;

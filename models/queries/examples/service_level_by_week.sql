-- Service level, speed of answer and abandonment of each queue, week by week
select
    queue,
    date_trunc('week', timezone((select value from settings where name = 'time_zone'), interval_start))::date as week,
    sum(offered) as offered,
    round(100 * service_level(sum(answered_in_target), sum(counted)), 1) as service_level_percent,
    round(average_speed_of_answer(sum(answered_wait_s), sum(answered)), 1) as asa_s,
    round(100 * abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)), 1) as abandonment_percent
from service_level_by_interval
group by all
order by week desc, queue;

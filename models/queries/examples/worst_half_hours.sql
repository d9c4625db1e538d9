-- The ten half hours of the week that miss their target most, with at least 20 calls
select
    dayname(timezone((select value from settings where name = 'time_zone'), interval_start)) as weekday,
    strftime(timezone((select value from settings where name = 'time_zone'), interval_start), '%H:%M') as half_hour,
    sum(offered) as offered,
    round(100 * service_level(sum(answered_in_target), sum(counted)), 1) as service_level_percent
from service_level_by_interval
group by all
having sum(offered) >= 20
order by service_level_percent
limit 10;

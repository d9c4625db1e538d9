-- What a queue had to handle: one row per weekday and half hour, over the days of that weekday on which it was open.
-- agents: mean number of agents who answered, over the days with calls in that half hour.
with days as (
    select weekday, count(distinct local_day) as days
    from service_level_by_interval
    where interval_start >= $start and interval_start < $end
      and ($queues is null or list_contains($queues::varchar[], queue))
      and ($hours is null or is_open = ($hours = 'open'))
    group by weekday
)
select s.weekday, s.slot, d.days, s.offered, s.answered, s.abandoned, s.late, s.counted, s.service_level, s.goal,
       s.threshold_s, s.asa_s, s.abandon_rate, s.aht_s, s.agents, s.all_wait_s
from waits_between('slot', $start, $end, $queues, $hours) s
join days d on d.weekday = s.weekday
order by s.weekday, s.slot

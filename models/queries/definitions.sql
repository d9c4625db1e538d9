-- One row: the calls of a half-open period, or of one weekday and half hour of it, under the four common definitions of
-- service level, and under the queues' own.
with summed as (
    select sum(offered) as offered, sum(answered) as answered, sum(abandoned) as abandoned,
           sum(flowed_out) as flowed_out, sum(answered_in_target) as answered_in_target,
           sum(abandoned_in_target) as abandoned_in_target, sum(counted) as counted
    from waits_between('slot', $start, $end, $queues, $hours)
    where ($weekday is null or weekday = $weekday) and ($slot is null or slot = $slot)
)
select
    service_level_of_offered(answered_in_target, offered) as of_offered,
    service_level_with_quick_abandons(answered_in_target, abandoned_in_target, offered) as with_quick_abandons,
    service_level_less_quick_abandons(answered_in_target, abandoned_in_target, offered) as less_quick_abandons,
    service_level_of_answered(answered_in_target, answered) as of_answered,
    service_level(answered_in_target, counted) as own,
    coalesce(offered, 0)::bigint as offered,
    coalesce(answered, 0)::bigint as answered,
    coalesce(abandoned, 0)::bigint as abandoned,
    coalesce(flowed_out, 0)::bigint as flowed_out,
    coalesce(answered_in_target, 0)::bigint as answered_in_target,
    coalesce(abandoned_in_target, 0)::bigint as abandoned_in_target
from summed

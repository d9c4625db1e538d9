-- One row: mean handling time of calls answered in time and of calls answered late in a half-open period.
select
    average_handling_time(
        sum(talk_s) filter (answered_in_target = 1), sum(hold_s) filter (answered_in_target = 1),
        sum(acw_s) filter (answered_in_target = 1), sum(answered_in_target)) as in_time_aht_s,
    average_handling_time(
        sum(talk_s) filter (answered = 1 and answered_in_target = 0),
        sum(hold_s) filter (answered = 1 and answered_in_target = 0),
        sum(acw_s) filter (answered = 1 and answered_in_target = 0),
        sum(answered - answered_in_target)) as late_aht_s,
    coalesce(sum(answered - answered_in_target), 0)::bigint as answered_late,
    coalesce(sum(greatest(wait_s - threshold_s, 0)), 0) as waited_beyond_s
from judged_visits
where entered_at >= $start and entered_at < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($hours is null or is_open = ($hours = 'open'))

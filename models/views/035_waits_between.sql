-- waits_between(split, from_at, until_at, queues, hours): the measures of a period added up from half hours: quick.
-- split: all, queue, day, week, month (day is the first day), slot (weekday x half hour). No quantiles: see waits_by.
-- Half-open and in whole half hours: from_at <= interval_start < until_at. hours: open, outside, or null for both.
create or replace macro waits_between(split, from_at, until_at, queues, hours) as table
select
    case when split = 'queue' then queue end as queue,
    case split when 'day' then local_day when 'week' then date_trunc('week', local_day)::date
               when 'month' then date_trunc('month', local_day)::date end as day,
    case when split = 'slot' then weekday end as weekday,
    case when split = 'slot' then slot end as slot,
    sum(offered)::bigint as offered,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    sum(short_abandoned)::bigint as short_abandoned,
    sum(flowed_out)::bigint as flowed_out,
    sum(answered_in_target)::bigint as answered_in_target,
    sum(abandoned_in_target)::bigint as abandoned_in_target,
    sum(counted)::bigint as counted,
    (sum(counted) - sum(answered_in_target))::bigint as late,
    sum(over_limit)::bigint as over_limit,
    sum(transferred)::bigint as transferred,
    sum(requeued)::bigint as requeued,
    service_level(sum(answered_in_target), sum(counted)) as service_level,
    joint_goal(min(goal), max(goal), sum(goal * counted), sum(counted)) as goal,
    average_speed_of_answer(sum(answered_wait_s), sum(answered)) as asa_s,
    abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)) as abandon_rate,
    max(longest_wait_s) as longest_wait_s,
    average_handling_time(sum(talk_s), sum(hold_s), sum(acw_s), sum(answered)) as aht_s,
    sum(all_wait_s) as all_wait_s,
    sum(talk_s) as talk_s,
    sum(hold_s) as hold_s,
    sum(acw_s) as acw_s,
    min(threshold_s) as threshold_s,
    max(all_calls_limit_s) as all_calls_limit_s,
    max(abandon_ceiling) as abandon_ceiling,
    min((goal, threshold_s)) <> max((goal, threshold_s)) as mixed_targets,
    count(distinct local_day) as days,
    avg(agents) as agents
from service_level_by_interval
where (from_at is null or interval_start >= from_at)
  and (until_at is null or interval_start < until_at)
  and (queues is null or list_contains(queues::varchar[], queue))
  and (hours is null or is_open = (hours = 'open'))
group by all;

comment on macro table waits_between is 'The measures of a half-open period, added up from half hours. split: all, queue, day, week, month (day is its first day) or slot (weekday and half hour). queues: a list or null. hours: open, outside or null. late: calls that count and were not answered in time.';

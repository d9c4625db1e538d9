-- waits_by(grain, part): every measure of the waits, from the visits themselves, by any time and any part.
--   from waits_by('month', 'queue')
--   from waits_by('hour', 'all', from_at := timestamptz '2026-03-02 00:00+01', queues := ['support'])
-- grain: quarter, half_hour, hour (instants: the hour that comes twice in autumn is two), day, week, month, all.
-- part: queue, agent, segment, all. hours: open, outside, or null for both (see clock.is_open). Half-open: from_at <= t < until_at.
create or replace macro waits_by(grain, part, from_at := null, until_at := null, queues := null, hours := null) as table
with summed as (
    select
        case grain
            when 'quarter' then quarter_start when 'half_hour' then half_hour_start when 'hour' then hour_start
            when 'day' then day_start when 'week' then week_start when 'month' then month_start when 'all' then null
            else error('grain is quarter, half_hour, hour, day, week, month or all') end as interval_start,
        case part
            when 'queue' then queue when 'agent' then agent_id when 'segment' then segment when 'all' then null
            else error('part is queue, agent, segment or all') end as part,
        sum(offered)::bigint as offered,
        sum(answered)::bigint as answered,
        sum(abandoned)::bigint as abandoned,
        sum(short_abandoned)::bigint as short_abandoned,
        sum(flowed_out)::bigint as flowed_out,
        sum(answered_in_target)::bigint as answered_in_target,
        sum(abandoned_in_target)::bigint as abandoned_in_target,
        sum(abandons_counted)::bigint as abandons_counted,
        sum(flow_outs_counted)::bigint as flow_outs_counted,
        sum(counted)::bigint as counted,
        sum(over_limit)::bigint as over_limit,
        sum(transferred)::bigint as transferred,
        sum(requeued)::bigint as requeued,
        joint_goal(min(goal), max(goal), sum(goal * counted), sum(counted)) as goal,
        quantile_cont(wait_s, [0.5, 0.9]) as waits,
        quantile_cont(wait_s, [0.5, 0.9]) filter (answered = 1) as answered_waits,
        max(wait_s) as longest_wait_s,
        coalesce(sum(wait_s) filter (answered = 1), 0) as answered_wait_s,
        coalesce(sum(wait_s), 0) as all_wait_s,
        coalesce(sum(talk_s), 0) as talk_s,
        coalesce(sum(hold_s), 0) as hold_s,
        coalesce(sum(acw_s) filter (answered = 1), 0) as acw_s,
        count(distinct agent_id) filter (answered = 1) as agents,
        min(threshold_s) as threshold_s,
        max(threshold_s) as highest_threshold_s,
        max(all_calls_limit_s) as all_calls_limit_s,
        max(abandon_ceiling) as abandon_ceiling,
        any_value(local_day) as local_day,
        any_value(weekday) as weekday,
        any_value(slot) as slot,
        bool_and(is_open) as is_open
    from judged_visits
    where (from_at is null or entered_at >= from_at)
      and (until_at is null or entered_at < until_at)
      and (queues is null or list_contains(queues::varchar[], queue))
      and (hours is null or is_open = (hours = 'open'))
    group by all
)
select
    * exclude (waits, answered_waits),
    service_level(answered_in_target, counted) as service_level,
    average_speed_of_answer(answered_wait_s, answered) as asa_s,
    abandon_rate(abandoned, short_abandoned, offered) as abandon_rate,
    average_handling_time(talk_s, hold_s, acw_s, answered) as aht_s,
    waits[1] as median_wait_s,
    waits[2] as p90_wait_s,
    answered_waits[1] as median_answered_wait_s,
    answered_waits[2] as p90_answered_wait_s
from summed;

comment on macro table waits_by is 'Every measure of the waits from the visits themselves. grain: quarter, half_hour, hour, day, week, month or all. part: queue, agent, segment or all. Optional: from_at, until_at (half-open), queues (a list), hours (open or outside). Columns: interval_start, part, and those of service_level_by_interval.';

-- service_level_by_interval: one row per queue x half hour in which a call was offered.
-- service_level = answered_in_target / (answered + abandons_counted); see 010_measures.sql.
-- Kept as a table, made at each publish: a year of a million calls is some 100,000 rows, and pages read it in milliseconds.
-- Half hours begin at :00 and :30 of the call centre's clock (interval_offset_s moves zones off the half hour).
create or replace table service_level_by_interval as
with shift as (
    select coalesce(cast(any_value(value) filter (name = 'interval_offset_s') as bigint), 0) as offset_s from settings
),
bucketed as (
    select *, (epoch_ms(entered_at) // 1000 - (select offset_s from shift)) // 1800 as bucket
    from judged_visits
)
select
    queue,
    make_timestamptz((bucket * 1800 + (select offset_s from shift)) * 1000000) as interval_start,
    sum(offered)::bigint as offered,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    sum(short_abandoned)::bigint as short_abandoned,
    sum(flowed_out)::bigint as flowed_out,
    sum(answered_in_target)::bigint as answered_in_target,
    sum(abandons_counted)::bigint as abandons_counted,
    service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
    average_speed_of_answer(sum(wait_s) filter (answered = 1), sum(answered)) as asa_s,
    abandon_rate(sum(abandoned), sum(short_abandoned), sum(offered)) as abandon_rate,
    quantile_cont(wait_s, 0.9) as p90_wait_s,
    max(wait_s) as longest_wait_s,
    coalesce(sum(wait_s) filter (answered = 1), 0) as answered_wait_s,
    coalesce(sum(talk_s), 0) as talk_s,
    any_value(goal) as goal,
    any_value(threshold_s) as threshold_s
from bucketed
group by queue, bucket
order by interval_start, queue;

comment on table service_level_by_interval is 'One row per queue and half hour in which a call was offered. Counts add up over rows; rates do not: use the macros service_level, abandon_rate and average_speed_of_answer on sums.';
comment on column service_level_by_interval.queue is 'The queue.';
comment on column service_level_by_interval.interval_start is 'Beginning of the half hour (UTC); it ends 30 minutes later, exclusive.';
comment on column service_level_by_interval.offered is 'Calls that entered the queue in the half hour and have ended their stay.';
comment on column service_level_by_interval.answered is 'Of these, answered by an agent.';
comment on column service_level_by_interval.abandoned is 'Of these, hung up while waiting.';
comment on column service_level_by_interval.short_abandoned is 'Of the abandoned, before the short-abandon limit.';
comment on column service_level_by_interval.flowed_out is 'Left the queue otherwise: timeout, key, empty, callback.';
comment on column service_level_by_interval.answered_in_target is 'Answered within the threshold of the day.';
comment on column service_level_by_interval.abandons_counted is 'Abandons that count against the service level.';
comment on column service_level_by_interval.service_level is 'answered_in_target / (answered + abandons_counted), 0 to 1.';
comment on column service_level_by_interval.asa_s is 'Average speed of answer: mean wait of answered calls, in seconds.';
comment on column service_level_by_interval.abandon_rate is '(abandoned - short_abandoned) / (offered - short_abandoned), 0 to 1.';
comment on column service_level_by_interval.p90_wait_s is '90th percentile of the wait of all offered calls, abandons included, in seconds.';
comment on column service_level_by_interval.longest_wait_s is 'Longest wait of all offered calls, in seconds.';
comment on column service_level_by_interval.answered_wait_s is 'Seconds waited by answered calls, to add up over rows.';
comment on column service_level_by_interval.talk_s is 'Seconds connected to agents, to add up over rows.';
comment on column service_level_by_interval.goal is 'The target''s goal on that day, 0 to 1.';
comment on column service_level_by_interval.threshold_s is 'The target''s threshold on that day, in seconds.';

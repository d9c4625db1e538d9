-- service_level_by_interval: one row per queue x half hour in which a call was offered: waits_by('half_hour', 'queue').
-- service_level = answered_in_target / counted; see 010_measures.sql and 025_waits_by.sql.
-- Kept as a table, made at each publish: a year of a million calls is some 100,000 rows, and pages read it in milliseconds.
-- Half hours begin at :00 and :30 of the call centre's clock; opening hours begin and end with one.
create or replace table service_level_by_interval as
select part as queue, * exclude (part)
from waits_by('half_hour', 'queue')
order by interval_start, queue;

comment on table service_level_by_interval is 'One row per queue and half hour in which a call was offered. Counts add up over rows; rates do not: use waits_between, or the macros service_level, abandon_rate and average_speed_of_answer on sums.';
comment on column service_level_by_interval.queue is 'The queue.';
comment on column service_level_by_interval.interval_start is 'Beginning of the half hour (UTC); it ends 30 minutes later, exclusive.';
comment on column service_level_by_interval.offered is 'Calls that entered the queue in the half hour and have ended their stay.';
comment on column service_level_by_interval.answered is 'Of these, answered by an agent.';
comment on column service_level_by_interval.abandoned is 'Of these, hung up while waiting.';
comment on column service_level_by_interval.short_abandoned is 'Of the abandoned, before the short-abandon limit.';
comment on column service_level_by_interval.flowed_out is 'Left the queue otherwise: timeout, key, empty, callback.';
comment on column service_level_by_interval.answered_in_target is 'Answered within the threshold of the day.';
comment on column service_level_by_interval.abandoned_in_target is 'Abandoned within the threshold of the day.';
comment on column service_level_by_interval.abandons_counted is 'Abandons that count against the service level.';
comment on column service_level_by_interval.flow_outs_counted is 'Calls that left the queue otherwise and count against the service level.';
comment on column service_level_by_interval.counted is 'Calls that count for the service level: answered + abandons_counted + flow_outs_counted.';
comment on column service_level_by_interval.over_limit is 'Calls that waited longer than the all-calls limit of the day, or left unanswered otherwise; 0 without a limit.';
comment on column service_level_by_interval.transferred is 'Answered and then passed on.';
comment on column service_level_by_interval.requeued is 'Entries of calls that had entered a queue before.';
comment on column service_level_by_interval.service_level is 'answered_in_target / counted, 0 to 1: calls answered within the target time, of the answered calls and of the abandons and flow-outs that the target counts.';
comment on column service_level_by_interval.goal is 'The target''s goal on that day, 0 to 1.';
comment on column service_level_by_interval.asa_s is 'Average speed of answer: mean wait of answered calls, in seconds.';
comment on column service_level_by_interval.abandon_rate is '(abandoned - short_abandoned) / (offered - short_abandoned), 0 to 1.';
comment on column service_level_by_interval.median_wait_s is 'Median wait of all offered calls, abandons included, in seconds.';
comment on column service_level_by_interval.p90_wait_s is '90th percentile of the wait of all offered calls, abandons included, in seconds.';
comment on column service_level_by_interval.median_answered_wait_s is 'Median wait of answered calls alone, in seconds.';
comment on column service_level_by_interval.p90_answered_wait_s is '90th percentile of the wait of answered calls alone, in seconds.';
comment on column service_level_by_interval.longest_wait_s is 'Longest wait of all offered calls, in seconds.';
comment on column service_level_by_interval.aht_s is 'Average handling time: (talk with its holds + after-call work) / answered, in seconds; the queue wait is no part of it.';
comment on column service_level_by_interval.answered_wait_s is 'Seconds waited by answered calls, to add up over rows.';
comment on column service_level_by_interval.all_wait_s is 'Seconds waited by all offered calls, to add up over rows.';
comment on column service_level_by_interval.talk_s is 'Seconds talked with agents (holds included where the source does not tell them apart), to add up over rows.';
comment on column service_level_by_interval.hold_s is 'Seconds on hold, where the source tells, to add up over rows.';
comment on column service_level_by_interval.acw_s is 'Seconds of after-call work, to add up over rows.';
comment on column service_level_by_interval.agents is 'Agents who answered at least one of the calls.';
comment on column service_level_by_interval.threshold_s is 'The target''s threshold on that day, in seconds.';
comment on column service_level_by_interval.highest_threshold_s is 'The same: a queue has one threshold in a half hour.';
comment on column service_level_by_interval.all_calls_limit_s is 'The target''s limit for every call on that day, in seconds; null: none.';
comment on column service_level_by_interval.abandon_ceiling is 'The target''s ceiling for the abandonment rate on that day, 0 to 1; null: none.';
comment on column service_level_by_interval.local_day is 'Local day of the half hour.';
comment on column service_level_by_interval.weekday is 'ISO weekday of the local day, 1 is Monday.';
comment on column service_level_by_interval.slot is 'Half hour of the local day, 0 to 47.';
comment on column service_level_by_interval.is_open is 'Whether the call centre was open.';

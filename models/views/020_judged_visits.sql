-- judged_visits: one row per ended stay of a call in a queue, held against the target of its day.
-- Flags are 0 or 1 so that they add up: offered = answered + abandoned + flowed_out.
create or replace view judged_visits as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
target_periods as (
    select * exclude (target_id, valid_from, written_at, written_by),
           timezone((select name from zone), valid_from::timestamp) as from_at,
           lead(timezone((select name from zone), valid_from::timestamp))
               over (partition by queue order by valid_from, target_id) as until_at
    from targets
),
queue_targets as (
    -- a queue's own target where it has one, else the one of '*'
    select q.queue, t.* exclude (queue)
    from (select distinct queue from queue_visits) q
    join target_periods t
      on t.queue = case when q.queue in (select queue from targets) then q.queue else '*' end
),
again as (
    -- calls that entered queues more than once: later stays are re-queues
    select call_id, started_at from calls where visits > 1
)
select
    v.call_id, v.queue, v.entered_at, v.wait_s, v.outcome, v.agent_id, v.customer_id, v.segment,
    v.talk_s, v.hold_s, v.acw_s,
    t.goal, t.threshold_s, t.short_abandon_s, t.all_calls_limit_s, t.abandon_ceiling,
    k.quarter_start, k.half_hour_start, k.hour_start, k.day_start, k.week_start, k.month_start,
    k.local_day, k.weekday, k.slot, k.is_open,
    1::tinyint as offered,
    (v.outcome in ('answered', 'transferred'))::tinyint as answered,
    (v.outcome = 'abandoned')::tinyint as abandoned,
    (v.outcome = 'abandoned' and v.wait_s < t.short_abandon_s)::tinyint as short_abandoned,
    (v.outcome not in ('answered', 'transferred', 'abandoned'))::tinyint as flowed_out,
    (v.outcome = 'abandoned' and v.wait_s >= t.short_abandon_s and t.abandons_count)::tinyint as abandons_counted,
    (v.outcome not in ('answered', 'transferred', 'abandoned') and t.flow_outs_count)::tinyint as flow_outs_counted,
    (answered + abandons_counted + flow_outs_counted)::tinyint as counted,
    (v.outcome in ('answered', 'transferred') and v.wait_s <= t.threshold_s)::tinyint as answered_in_target,
    (v.outcome = 'abandoned' and v.wait_s <= t.threshold_s)::tinyint as abandoned_in_target,
    (t.all_calls_limit_s is not null and (v.wait_s > t.all_calls_limit_s or flowed_out = 1))::tinyint as over_limit,
    (v.outcome = 'transferred')::tinyint as transferred,
    (a.call_id is not null and v.entered_at > a.started_at)::tinyint as requeued
from queue_visits v
join clock k on k.quarter = epoch_ms(v.entered_at) // 900000
left join again a on a.call_id = v.call_id
join queue_targets t
  on t.queue = v.queue and v.entered_at >= t.from_at and (t.until_at is null or v.entered_at < t.until_at)
where v.outcome is not null;

comment on view judged_visits is 'One row per ended stay of a call in a queue, held against the target of its day. Flags are 0 or 1 and add up: offered = answered + abandoned + flowed_out.';
comment on column judged_visits.call_id is 'The call.';
comment on column judged_visits.queue is 'The queue.';
comment on column judged_visits.entered_at is 'When the call entered the queue (UTC).';
comment on column judged_visits.wait_s is 'Seconds waited.';
comment on column judged_visits.outcome is 'See queue_visits.outcome.';
comment on column judged_visits.agent_id is 'The agent who answered.';
comment on column judged_visits.customer_id is 'Caller number or customer number.';
comment on column judged_visits.segment is 'Customer segment, where the source tells.';
comment on column judged_visits.talk_s is 'Seconds talked with the agent; holds are in it where the source does not tell them apart.';
comment on column judged_visits.hold_s is 'Seconds on hold, beside the talk, where the source tells.';
comment on column judged_visits.acw_s is 'After-call work in seconds.';
comment on column judged_visits.goal is 'The target''s goal on that day, 0 to 1.';
comment on column judged_visits.threshold_s is 'The target''s threshold on that day, in seconds.';
comment on column judged_visits.short_abandon_s is 'The target''s short-abandon limit on that day, in seconds.';
comment on column judged_visits.all_calls_limit_s is 'Seconds within which every call should have been answered on that day; null: no such promise.';
comment on column judged_visits.abandon_ceiling is 'Share of calls that might be abandoned at most on that day; null: no such promise.';
comment on column judged_visits.quarter_start is 'Quarter hour of entry; see clock.';
comment on column judged_visits.half_hour_start is 'Half hour of entry; see clock.';
comment on column judged_visits.hour_start is 'Hour of entry; see clock.';
comment on column judged_visits.day_start is 'Beginning of the local day of entry; see clock.';
comment on column judged_visits.week_start is 'Beginning of the local week of entry; see clock.';
comment on column judged_visits.month_start is 'Beginning of the local month of entry; see clock.';
comment on column judged_visits.local_day is 'Local day of entry.';
comment on column judged_visits.weekday is 'ISO weekday of entry, 1 is Monday.';
comment on column judged_visits.slot is 'Half hour of the local day of entry, 0 to 47.';
comment on column judged_visits.is_open is 'Whether the call centre was open when the call entered.';
comment on column judged_visits.offered is 'Always 1.';
comment on column judged_visits.answered is '1 when an agent answered (answered or transferred).';
comment on column judged_visits.abandoned is '1 when the customer hung up while waiting.';
comment on column judged_visits.short_abandoned is '1 when the customer hung up before the short-abandon limit.';
comment on column judged_visits.flowed_out is '1 when the call left the queue otherwise: timeout, key, empty, callback.';
comment on column judged_visits.abandons_counted is '1 when it is an abandon that counts against the service level.';
comment on column judged_visits.flow_outs_counted is '1 when it left the queue otherwise and that counts against the service level.';
comment on column judged_visits.counted is '1 when it counts for the service level: answered, or an abandon or flow-out that counts.';
comment on column judged_visits.answered_in_target is '1 when answered within the threshold.';
comment on column judged_visits.abandoned_in_target is '1 when abandoned within the threshold.';
comment on column judged_visits.over_limit is '1 when it broke the promise that every call is answered within the limit: waited longer, or left unanswered otherwise.';
comment on column judged_visits.transferred is '1 when answered and then passed on.';
comment on column judged_visits.requeued is '1 when the call had entered a queue before.';

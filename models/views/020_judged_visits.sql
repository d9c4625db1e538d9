-- judged_visits: one row per ended stay of a call in a queue, held against the target of its day.
-- Flags are 0 or 1 so that they add up: offered = answered + abandoned + flowed_out.
create or replace view judged_visits as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
target_periods as (
    select queue, goal, threshold_s, short_abandon_s, abandons_count,
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
)
select
    v.call_id, v.queue, v.entered_at, v.wait_s, v.outcome, v.agent_id, v.talk_s, v.acw_s,
    t.goal, t.threshold_s,
    1 as offered,
    (v.outcome in ('answered', 'transferred'))::integer as answered,
    (v.outcome = 'abandoned')::integer as abandoned,
    (v.outcome = 'abandoned' and v.wait_s < t.short_abandon_s)::integer as short_abandoned,
    (v.outcome not in ('answered', 'transferred', 'abandoned'))::integer as flowed_out,
    (v.outcome = 'abandoned' and v.wait_s >= t.short_abandon_s and t.abandons_count)::integer as abandons_counted,
    (v.outcome in ('answered', 'transferred') and v.wait_s <= t.threshold_s)::integer as answered_in_target
from queue_visits v
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
comment on column judged_visits.talk_s is 'Seconds connected to the agent.';
comment on column judged_visits.acw_s is 'After-call work in seconds.';
comment on column judged_visits.goal is 'The target''s goal on that day, 0 to 1.';
comment on column judged_visits.threshold_s is 'The target''s threshold on that day, in seconds.';
comment on column judged_visits.offered is 'Always 1.';
comment on column judged_visits.answered is '1 when an agent answered (answered or transferred).';
comment on column judged_visits.abandoned is '1 when the customer hung up while waiting.';
comment on column judged_visits.short_abandoned is '1 when the customer hung up before the short-abandon limit.';
comment on column judged_visits.flowed_out is '1 when the call left the queue otherwise: timeout, key, empty, callback.';
comment on column judged_visits.abandons_counted is '1 when it is an abandon that counts against the service level.';
comment on column judged_visits.answered_in_target is '1 when answered within the threshold.';

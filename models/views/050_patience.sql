-- patience(from_at, until_at, queues, hours): how long callers are ready to wait, one row per wait that occurred.
-- Kaplan-Meier: hanging up is the event; answered calls and flow-outs are censored, for they might have waited longer.
-- still_waiting(t) = product over waits w <= t of (1 - abandoned(w) / at_risk(w)).
create or replace macro patience(from_at, until_at, queues, hours) as table
with waits as (
    select wait_s, sum(abandoned)::bigint as abandoned, count(*) as left_queue
    from judged_visits
    where (from_at is null or entered_at >= from_at)
      and (until_at is null or entered_at < until_at)
      and (queues is null or list_contains(queues::varchar[], queue))
      and (hours is null or is_open = (hours = 'open'))
    group by wait_s
),
counted as (
    select wait_s, abandoned, left_queue - abandoned as censored,
           sum(left_queue) over (order by wait_s desc)::bigint as at_risk
    from waits
)
select wait_s, at_risk, abandoned, censored,
       product(1 - abandoned / at_risk) over (order by wait_s) as still_waiting
from counted
order by wait_s;

comment on macro table patience is 'How long callers are ready to wait (Kaplan-Meier, answered calls and flow-outs censored): wait_s, at_risk, abandoned, censored, still_waiting (share of callers whose patience is longer than wait_s).';

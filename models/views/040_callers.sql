-- Callers who come back: whoever hung up and was not back within return_days (a setting) is lost; a call that is
-- followed by another of the same customer within return_days is repeated. Callers without a number can't be told.

-- lost_callers: one row per abandoned stay of a caller whose number is known.
create or replace view lost_callers as
with span as (
    select to_days(coalesce(cast(any_value(value) filter (name = 'return_days') as integer), 7)) as span from settings
),
reach as (
    select max(entered_at) as until_at from queue_visits
),
hung_up as (
    select call_id, queue, entered_at, customer_id, wait_s, is_open from judged_visits
    where abandoned = 1 and is_known_customer(customer_id)
),
contacts as (
    select customer_id, entered_at, outcome in ('answered', 'transferred') as reached
    from queue_visits
    where customer_id in (select customer_id from hung_up)
),
followed as (
    select h.*, n.entered_at as next_contact_at
    from hung_up h
    asof left join contacts n on n.customer_id = h.customer_id and n.entered_at > h.entered_at
),
reached as (
    select f.*, n.entered_at as next_answered_at
    from followed f
    asof left join (from contacts where reached) n on n.customer_id = f.customer_id and n.entered_at > f.entered_at
)
select
    call_id, queue, entered_at, customer_id, wait_s, is_open, next_contact_at, next_answered_at,
    case
        when next_answered_at <= entered_at + (select span from span) then 'reached'
        when next_contact_at <= entered_at + (select span from span) then 'back'
        when entered_at + (select span from span) > (select until_at from reach) then 'open'
        else 'lost' end as state
from reached;

comment on view lost_callers is 'One row per abandoned stay in a queue of a caller whose number is known, and whether they came back within return_days (see settings).';
comment on column lost_callers.call_id is 'The abandoned call.';
comment on column lost_callers.queue is 'The queue.';
comment on column lost_callers.entered_at is 'When the call entered the queue (UTC).';
comment on column lost_callers.customer_id is 'The caller.';
comment on column lost_callers.wait_s is 'Seconds waited before hanging up.';
comment on column lost_callers.is_open is 'Whether the call centre was open.';
comment on column lost_callers.next_contact_at is 'When the same caller next entered a queue (UTC); null: never since.';
comment on column lost_callers.next_answered_at is 'When the same caller next entered a queue and was answered (UTC); null: never since.';
comment on column lost_callers.state is 'reached: answered within return_days; back: called again within them, unanswered; lost: neither; open: return_days have not passed yet.';

-- repeat_calls: one row per call of a known customer that the same customer followed with another within return_days.
create or replace view repeat_calls as
with span as (
    select to_days(coalesce(cast(any_value(value) filter (name = 'return_days') as integer), 7)) as span from settings
),
followed as (
    select call_id, queue, started_at, customer_id, outcome,
           lead(started_at) over (partition by customer_id order by started_at) as next_call_at
    from calls
    where visits > 0 and is_known_customer(customer_id)
)
select call_id, queue, started_at, customer_id, outcome, next_call_at
from followed
where next_call_at <= started_at + (select span from span);

comment on view repeat_calls is 'One row per call that the same customer followed with another within return_days (see settings). Repeat rate = repeat calls / calls of known customers.';
comment on column repeat_calls.call_id is 'The first call.';
comment on column repeat_calls.queue is 'The first queue it entered.';
comment on column repeat_calls.started_at is 'When it began (UTC).';
comment on column repeat_calls.customer_id is 'The customer.';
comment on column repeat_calls.outcome is 'See calls.outcome.';
comment on column repeat_calls.next_call_at is 'When the same customer called next (UTC).';

-- Customers across their calls, and callers nobody reached: from calls alone, so that a page need not add them up again
-- when people write something. What people know of them is added in 156_customers.sql.

-- customer_contacts: one row per customer who can be recognised, from calls alone.
--   predicted satisfaction of late = mean of the last three calls that have a prediction
create or replace view customer_contacts as
select
    customer_id,
    min(started_at) as first_call_at, max(started_at) as last_call_at, arg_max(call_id, started_at) as last_call_id,
    count(*)::bigint as calls,
    count(*) filter (outcome in ('answered', 'transferred'))::bigint as answered,
    count(*) filter (outcome = 'abandoned')::bigint as abandoned,
    sum(wait_s) as wait_s,
    list_avg(arg_max(predicted_satisfaction, started_at, 3) filter (predicted_satisfaction is not null)) as recent_satisfaction,
    arg_max(segment, started_at) filter (segment is not null) as source_segment
from calls
where is_known_customer(customer_id)
group by customer_id;

comment on view customer_contacts is 'One row per customer whose number is known, from their calls alone; see customers for what else is known. Key: customer_id.';
comment on column customer_contacts.customer_id is 'The customer, as calls have them.';
comment on column customer_contacts.first_call_at is 'When their first call began (UTC).';
comment on column customer_contacts.last_call_at is 'When their newest call began (UTC).';
comment on column customer_contacts.last_call_id is 'Their newest call.';
comment on column customer_contacts.calls is 'Their calls.';
comment on column customer_contacts.answered is 'Calls that agents answered.';
comment on column customer_contacts.abandoned is 'Calls that they gave up.';
comment on column customer_contacts.wait_s is 'Seconds they waited, over all calls.';
comment on column customer_contacts.recent_satisfaction is 'Predicted satisfaction of late, -2 to 2: the mean of their last three calls that have a prediction; null: none has.';
comment on column customer_contacts.source_segment is 'Segment as the source of their newest call tells; null: it does not.';

-- callers_to_call_back: one row per customer who gave up waiting and was not reached in any later call; their newest try.
create or replace view callers_to_call_back as
select
    customer_id,
    arg_max(call_id, entered_at) as call_id, arg_max(queue, entered_at) as queue, max(entered_at) as entered_at,
    arg_max(wait_s, entered_at) as wait_s, arg_max(state, entered_at) as state,
    count(distinct call_id)::bigint as tries, sum(wait_s) as waited_s
from lost_callers
where next_answered_at is null
group by customer_id;

comment on view callers_to_call_back is 'One row per customer who gave up waiting in a queue and was not answered in any later call, with their newest try. What came of calling back is in callbacks (reason lost).';
comment on column callers_to_call_back.customer_id is 'The customer.';
comment on column callers_to_call_back.call_id is 'Their newest abandoned call: callbacks are kept under it.';
comment on column callers_to_call_back.queue is 'The queue they waited in.';
comment on column callers_to_call_back.entered_at is 'When that call entered the queue (UTC).';
comment on column callers_to_call_back.wait_s is 'Seconds waited before hanging up.';
comment on column callers_to_call_back.state is 'See lost_callers.state: lost, back or open.';
comment on column callers_to_call_back.tries is 'Calls given up since they were last answered.';
comment on column callers_to_call_back.waited_s is 'Seconds waited in these, in all.';

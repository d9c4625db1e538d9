-- Customers with what people know of them, and the lists of those to call back (app.sqlite).

comment on table customer_facts is 'What people know of customers beside their calls, one row per customer that anybody wrote about; written in the dashboard, history in changes. Key: customer_id.';
comment on column customer_facts.customer_id is 'The customer, as calls have them.';
comment on column customer_facts.is_core is 'Whether they are a core customer, one the company lives on; null: not decided.';
comment on column customer_facts.lifetime_value is 'What they bring over the years that they stay, in the call centre''s currency; null: not known.';
comment on column customer_facts.kind is 'professional or end_user; null: not known.';
comment on column customer_facts.place is 'outside or inside (a colleague served by the call centre); null: not known.';
comment on column customer_facts.is_hard_on_staff is 'Whether staff find them hard to deal with; null: not decided.';
comment on column customer_facts.do_not_call is 'Whether they must not be called back.';
comment on column customer_facts.note is 'What else to know.';
comment on column customer_facts.written_at is 'When it was last changed (UTC).';
comment on column customer_facts.written_by is 'Who changed it last.';

-- customers: one row per customer whose number is known, or about whom people wrote something.
create or replace view customers as
with complained as (
    select customer_id, count(*) filter (kind = 'complaint')::bigint as complaints, max(received_at) as last_complaint_at,
           count(*) filter (status = 'promised')::bigint as open_promises
    from complaints
    where customer_id is not null
    group by customer_id
),
asked as (
    select customer_id, count(*)::bigint as surveys, count(*) filter (is_answered)::bigint as surveys_answered,
           avg(satisfaction) as survey_satisfaction
    from surveys
    where customer_id is not null
    group by customer_id
),
known as (
    select customer_id from customer_contacts
    union
    select customer_id from customer_facts
    union
    select customer_id from complained
    union
    select customer_id from asked
)
select
    k.customer_id,
    c.first_call_at, c.last_call_at, c.last_call_id,
    coalesce(c.calls, 0) as calls, coalesce(c.answered, 0) as answered, coalesce(c.abandoned, 0) as abandoned, c.wait_s,
    coalesce(m.complaints, 0) as complaints, m.last_complaint_at, coalesce(m.open_promises, 0) as open_promises,
    coalesce(a.surveys, 0) as surveys, coalesce(a.surveys_answered, 0) as surveys_answered, a.survey_satisfaction,
    c.recent_satisfaction, c.source_segment,
    f.is_core, f.lifetime_value, f.kind, f.place, f.is_hard_on_staff, coalesce(f.do_not_call, false) as do_not_call, f.note
from known k
left join customer_contacts c on c.customer_id = k.customer_id
left join customer_facts f on f.customer_id = k.customer_id
left join complained m on m.customer_id = k.customer_id
left join asked a on a.customer_id = k.customer_id;

comment on view customers is 'One row per customer: their calls, complaints and surveys, and what people know of them. Callers without a number are left out. Key: customer_id.';
comment on column customers.customer_id is 'The customer, as calls have them.';
comment on column customers.first_call_at is 'When their first call began (UTC); null: no call is there.';
comment on column customers.last_call_at is 'When their newest call began (UTC).';
comment on column customers.last_call_id is 'Their newest call.';
comment on column customers.calls is 'Their calls.';
comment on column customers.answered is 'Calls that agents answered.';
comment on column customers.abandoned is 'Calls that they gave up.';
comment on column customers.wait_s is 'Seconds they waited, over all calls.';
comment on column customers.complaints is 'Their complaints; comments are not counted.';
comment on column customers.last_complaint_at is 'When they last complained (UTC).';
comment on column customers.open_promises is 'Promises made to them that are not kept yet; see complaints.';
comment on column customers.surveys is 'Surveys sent to them.';
comment on column customers.surveys_answered is 'Surveys they answered.';
comment on column customers.survey_satisfaction is 'Mean of their ratings, 0 to 1.';
comment on column customers.recent_satisfaction is 'Predicted satisfaction of late, -2 to 2: the mean of their last three calls that have a prediction.';
comment on column customers.source_segment is 'Segment as the source of their newest call tells.';
comment on column customers.is_core is 'Whether they are a core customer; null: not decided.';
comment on column customers.lifetime_value is 'What they bring over the years that they stay, in the call centre''s currency.';
comment on column customers.kind is 'professional or end_user; null: not known.';
comment on column customers.place is 'outside or inside the company; null: not known.';
comment on column customers.is_hard_on_staff is 'Whether staff find them hard to deal with; null: not decided.';
comment on column customers.do_not_call is 'Whether they must not be called back.';
comment on column customers.note is 'What else to know.';

comment on table callbacks is 'What came of calling customers back, one row per call to ask about; written in the dashboard, history in changes. Key: reason, call_id.';
comment on column callbacks.reason is 'Why they were called: random (a list drawn at random) or lost (they gave up waiting).';
comment on column callbacks.call_id is 'The call to ask about, or the one that was given up; see calls.';
comment on column callbacks.customer_id is 'The customer.';
comment on column callbacks.outcome is 'reached, not_reached, or refused (they asked not to be called).';
comment on column callbacks.satisfied is 'Whether they are satisfied, as they say: yes, no or unknown; null: not asked.';
comment on column callbacks.note is 'What they said.';
comment on column callbacks.written_at is 'When it was written (UTC).';
comment on column callbacks.written_by is 'Who wrote it.';

comment on table callback_draws is 'Random call-back lists, one row per list; drawn once and never changed. Key: week, size.';
comment on column callback_draws.week is 'ISO week it was drawn for, in the call centre''s time zone.';
comment on column callback_draws.size is 'Customers asked for.';
comment on column callback_draws.seed is 'With the same customers to draw from, the same seed draws the same list.';
comment on column callback_draws.gap_weeks is 'Customers on another list of so many weeks before or after were left out.';
comment on column callback_draws.frame_customers is 'Customers it was drawn from, those left out not counted.';
comment on column callback_draws.drawn_at is 'When it was drawn (UTC).';
comment on column callback_draws.drawn_by is 'Who drew it.';

comment on table callback_picks is 'Customers on random call-back lists, one row per list and customer. Key: week, size, position.';
comment on column callback_picks.week is 'ISO week of the list.';
comment on column callback_picks.size is 'Size of the list; see callback_draws.';
comment on column callback_picks.position is 'Place on the list, from 1.';
comment on column callback_picks.customer_id is 'The customer.';
comment on column callback_picks.call_id is 'The call to ask about: their newest answered one.';
comment on column callback_picks.probability is 'How likely it was that they were drawn, 0 to 1; the same for everyone on a list.';

-- silent_estimate: for each one who complains, so many stay silent (an assumption with a default of 26).
--   stay_silent = customers who complained in [from_at, to_at) x silent_per_complaint
create or replace macro silent_estimate(from_at, to_at) as table
with assumed as (
    select coalesce(max(value), 26.0) as factor, count(*) > 0 as is_written from assumptions where name = 'silent_per_complaint'
),
complained as (
    select count(distinct coalesce(customer_id, customer_phone, customer_name, 'complaint ' || complaint_id)) as complainers
    from complaints
    where kind = 'complaint' and received_at >= from_at and received_at < to_at
)
select complainers, factor, is_written, complainers * factor as stay_silent from complained, assumed;
comment on macro table silent_estimate is 'An estimate, not a count: customers who complained from from_at (included) to to_at (excluded) x the assumption silent_per_complaint (default 26). from silent_estimate(''2026-01-01'', ''2026-02-01'');';

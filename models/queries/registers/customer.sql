-- One customer; no row for an unknown one. Parameters: customer, zone.
select
    customer_id, timezone($zone, first_call_at) as first_call_at, timezone($zone, last_call_at) as last_call_at, last_call_id,
    calls, answered, abandoned, wait_s, complaints, open_promises, surveys, surveys_answered, survey_satisfaction, recent_satisfaction, source_segment,
    is_core, lifetime_value, kind, place, is_hard_on_staff, do_not_call, note
from customers
where customer_id = $customer::varchar

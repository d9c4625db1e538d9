-- Customers that pass the filters (see customers_count), who called most first. Parameters also: first, limit, offset, zone.
select
    customer_id, timezone($zone, last_call_at) as last_call_at, calls, answered, abandoned, complaints, open_promises, recent_satisfaction,
    coalesce(is_core, false) as is_core, lifetime_value, kind, place, is_hard_on_staff, do_not_call, source_segment, note
from customers
where ($find is null or contains(lower(customer_id), lower($find::varchar)))
  and ($which = 'all' or ($which = 'core' and is_core) or ($which = 'professional' and kind = 'professional')
       or ($which = 'end_user' and kind = 'end_user') or ($which = 'inside' and place = 'inside')
       or ($which = 'hard' and is_hard_on_staff) or ($which = 'do_not_call' and do_not_call))
order by
    case $first when 'calls' then calls when 'complaints' then complaints when 'abandoned' then abandoned when 'value' then lifetime_value
               when 'last' then epoch(last_call_at) when 'unhappy' then -recent_satisfaction end desc nulls last,
    calls desc, last_call_at desc nulls last, customer_id
limit $limit offset $offset

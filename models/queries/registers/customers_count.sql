-- How many customers pass the filters of the Customers page. Parameters: find (part of the id, null: all), which.
select count(*) as customers
from customers
where ($find is null or contains(lower(customer_id), lower($find::varchar)))
  and ($which = 'all' or ($which = 'core' and is_core) or ($which = 'professional' and kind = 'professional')
       or ($which = 'end_user' and kind = 'end_user') or ($which = 'inside' and place = 'inside')
       or ($which = 'hard' and is_hard_on_staff) or ($which = 'do_not_call' and do_not_call))

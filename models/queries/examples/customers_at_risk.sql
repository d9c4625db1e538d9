-- Which core customers, or customers who bring much, went away unhappy of late?
select customer_id, lifetime_value, calls, complaints, open_promises, recent_satisfaction, last_call_at
from customers
where recent_satisfaction < 0 and (is_core or lifetime_value > 0 or calls >= 5)
order by is_core desc nulls last, lifetime_value desc nulls last, recent_satisfaction

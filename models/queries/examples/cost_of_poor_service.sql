-- What poor service cost, week by week and part by part, as estimated from the assumptions
select week, calls, sufferers, round(lost_cost) as lost_customers, round(redo_cost) as redone_work,
       round(compensation_cost) as compensation, round(repeat_cost) as repeat_contacts, round(handling_cost) as first_contacts,
       round(cost) as together
from poor_service_weeks((select min(started_at) from calls), (select max(started_at) from calls), null)
order by week;

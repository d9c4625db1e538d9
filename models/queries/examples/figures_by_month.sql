-- Operational figures by month, with the share of products returned
select period_on as month, measure, round(value, 4) as value, n
from goal_months
where measure in ('shipped', 'returned', 'returned_share', 'backorders')
order by month desc, measure
limit 100;

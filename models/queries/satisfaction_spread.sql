-- One row per half point of predicted satisfaction, -2 to 2, in a half-open period; from_value is where it begins.
select floor(least(greatest(predicted_satisfaction, -2), 1.99) * 2) / 2 as from_value, count(*) as calls
from calls
where predicted_satisfaction is not null
  and started_at >= $start and started_at < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
group by from_value order by from_value

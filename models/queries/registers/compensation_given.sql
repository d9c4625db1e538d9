-- Compensation that complaints received in a half-open period say was given.
select count(*) as complaints, coalesce(sum(compensation_value), 0) as value
from complaints
where compensation_value > 0 and received_at >= $start and received_at < $end

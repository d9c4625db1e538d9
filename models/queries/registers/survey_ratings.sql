-- How many gave which rating in a half-open period. Parameters: start, end, queues.
select rating, lowest, highest, count(*) as n
from surveys
where rating is not null and asked_at >= $start and asked_at < $end and ($queues is null or list_contains($queues::varchar[], queue))
group by all
order by lowest, highest, rating

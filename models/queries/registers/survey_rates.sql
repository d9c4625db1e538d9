-- Response rate by month or queue of the surveys of a half-open period. Parameters: split, start, end, queues, zone.
select
    case $split when 'queue' then queue else strftime(timezone($zone, asked_at), '%Y-%m') end as part,
    count(*) as sent, count(*) filter (is_answered) as answered, response_rate(answered, sent) as rate,
    wilson_low(answered, sent - answered) as low, wilson_high(answered, sent - answered) as high,
    count(satisfaction) as rated, avg(satisfaction) as satisfaction
from surveys
where asked_at >= $start and asked_at < $end and ($queues is null or list_contains($queues::varchar[], queue))
group by part
order by part nulls last

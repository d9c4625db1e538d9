-- How many answer surveys, by month and queue, with the 95 % interval, and how do they rate?
select date_trunc('month', asked_at)::date as month, queue, count(*) as sent, count(*) filter (is_answered) as answered,
       response_rate(answered, sent) as rate, wilson_low(answered, sent - answered) as low,
       wilson_high(answered, sent - answered) as high, avg(satisfaction) as satisfaction
from surveys
group by month, queue
order by month, queue

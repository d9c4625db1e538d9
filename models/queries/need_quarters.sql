-- How often each criterion was met in each quarter hour (see clock) and queue: what shares of any period are added up from.
select
    epoch_ms(started_at) // 900000 as quarter, queue, criterion,
    sum(met)::integer as met, sum(not_met)::integer as not_met, sum(not_applicable)::integer as not_applicable,
    sum(not_assessable)::integer as not_assessable
from need_facts
where started_at is not null
group by all order by quarter

-- One row per part and criterion of $criteria in a half-open period. $split: queue, agent, week (its Monday) or band.
-- Of many parts, the $most with the most judged calls.
with divided as (
    select *,
        case $split
            when 'queue' then queue when 'agent' then agent_id when 'band' then wait_band::varchar
            when 'week' then strftime(date_trunc('week', timezone($zone, started_at)), '%Y-%m-%d') end as part
    from need_facts
    where started_at >= $start and started_at < $end
      and ($queues is null or list_contains($queues::varchar[], queue))
      and list_contains($criteria::varchar[], criterion)
),
largest as (
    select part from divided where part is not null group by part order by sum(met + not_met) desc, part limit $most
)
select
    part, criterion, sum(met + not_met)::bigint as n, sum(met)::bigint as met, sum(not_met)::bigint as not_met,
    sum(not_applicable)::bigint as not_applicable, sum(not_assessable)::bigint as not_assessable,
    met_share(sum(met), sum(not_met)) as share,
    wilson_low(sum(met), sum(not_met)) as low, wilson_high(sum(met), sum(not_met)) as high
from divided semi join largest using (part)
group by part, criterion order by try_cast(part as integer), part, criterion

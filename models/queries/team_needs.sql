-- One row per criterion: the share met among all calls of a half-open period, as people heard it in random picks.
with summed as (
    select criterion, count(*) as n, count(distinct reviewer) as reviewers, sum(met * weight) as met_weight,
           sum(weight) as weight, sum(weight * weight) as squared_weight
    from team_facts
    where started_at >= $start and started_at < $end
      and ($queues is null or list_contains($queues::varchar[], queue))
    group by criterion
),
shares as (
    select criterion, n, reviewers, weighted_share(met_weight, weight) as share,
           effective_n(weight, squared_weight) as n_effective
    from summed
)
select
    criterion, n, reviewers, share,
    wilson_low(share * n_effective, (1 - share) * n_effective) as low,
    wilson_high(share * n_effective, (1 - share) * n_effective) as high
from shares
order by criterion

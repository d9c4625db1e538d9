-- One row per criterion: the share met among all calls of a half-open period, as people heard it in random picks.
-- The picks are those of random_picks.sql, column by column: $pick_reviewers, $pick_calls, $pick_criteria, $pick_results,
-- $pick_probabilities.
with picks as (
    select
        unnest($pick_reviewers::varchar[]) as reviewer, unnest($pick_calls::varchar[]) as call_id,
        unnest($pick_criteria::varchar[]) as criterion, unnest($pick_results::varchar[]) as result,
        1 / unnest($pick_probabilities::double[]) as weight
),
summed as (
    select criterion, count(*) as n, count(distinct reviewer) as reviewers,
           sum((result = 'met')::integer * weight) as met_weight,
           sum(weight) as weight, sum(weight * weight) as squared_weight
    from picks p
    join calls c on c.call_id = p.call_id
    where c.started_at >= $start and c.started_at < $end
      and ($queues is null or list_contains($queues::varchar[], c.queue))
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

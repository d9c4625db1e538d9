-- Team scores rest on what people heard in random picks, each weighted by 1 / its probability of being picked.

-- Share met (Hajek) = sum(met / probability) / sum(1 / probability), over picks judged met or not met.
create or replace macro weighted_share(met_weight, weight) as met_weight / nullif(weight, 0);
comment on macro weighted_share is 'Share met of all calls, from random picks (Hajek): sum(met / probability) / sum(1 / probability). Use on sums.';

-- Picks of equal weight that would tell as much (Kish) = (sum of weights)² / sum of squared weights.
create or replace macro effective_n(weight, squared_weight) as weight * weight / nullif(squared_weight, 0);
comment on macro effective_n is 'Picks of equal weight that would tell as much (Kish): sum(weight) ^ 2 / sum(weight ^ 2). Use on sums.';

-- team_facts: one row per random pick x criterion that its reviewer judged met or not met. Automatic results have no part.
create or replace view team_facts as
select
    p.reviewer, p.week, p.call_id, r.criterion, c.started_at, c.queue, c.agent_id, r.result,
    (r.result = 'met')::integer as met, p.probability, 1 / p.probability as weight
from playlist_calls p
join reviews r on r.reviewer = p.reviewer and r.call_id = p.call_id
join calls c on c.call_id = p.call_id
where p.pick = 'random' and r.result in ('met', 'not_met');

-- team_scores: one row per criterion and ISO week of listening, over all reviewers. A criterion on which people and the
-- scorecard do not agree yet (criterion_agreement) is marked: it is no team score until its words are clear.
create or replace view team_scores as
with summed as (
    select week, criterion, count(*) as n, sum(met * weight) as met_weight, sum(weight) as weight,
           sum(weight * weight) as squared_weight
    from team_facts group by week, criterion
),
shares as (
    select week, criterion, n, weighted_share(met_weight, weight) as share,
           effective_n(weight, squared_weight) as n_effective
    from summed
)
select
    week, criterion, s.n, n_effective, share,
    wilson_low(share * n_effective, (1 - share) * n_effective) as low,
    wilson_high(share * n_effective, (1 - share) * n_effective) as high,
    coalesce(a.trusted, false) as trusted
from shares s
left join criterion_agreement a using (criterion);

comment on view team_facts is 'One row per random pick of a playlist and criterion that its reviewer judged met or not met. Share met of a team = weighted_share(sum(met * weight), sum(weight)).';
comment on column team_facts.reviewer is 'The reviewer whose playlist it was.';
comment on column team_facts.week is 'ISO week of listening.';
comment on column team_facts.call_id is 'The call.';
comment on column team_facts.criterion is 'The criterion.';
comment on column team_facts.started_at is 'See calls.started_at.';
comment on column team_facts.queue is 'The first queue the call entered.';
comment on column team_facts.agent_id is 'The agent who spoke last with the customer.';
comment on column team_facts.result is 'met or not_met, as the reviewer judges now.';
comment on column team_facts.met is '1 when it was met.';
comment on column team_facts.probability is 'See playlist_calls.probability.';
comment on column team_facts.weight is '1 / probability: how many calls it stands for.';

comment on view team_scores is 'One row per criterion and ISO week of listening: the share met among all calls, estimated from random picks that people judged. Key: week, criterion.';
comment on column team_scores.week is 'ISO week of listening.';
comment on column team_scores.criterion is 'The criterion.';
comment on column team_scores.n is 'Random picks judged met or not met.';
comment on column team_scores.n_effective is 'Picks of equal weight that would tell as much.';
comment on column team_scores.share is 'Share met = sum(met / probability) / sum(1 / probability).';
comment on column team_scores.low is 'Lower end of its 95 % interval (Wilson, on n_effective).';
comment on column team_scores.high is 'Upper end of its 95 % interval.';
comment on column team_scores.trusted is 'True when the criterion is trusted (criterion_agreement.trusted). Rows with false are no team scores yet: the Needs page shows them apart; leave them out of comparisons.';

-- One row per criterion in a half-open period of whole quarter hours: how often it was met, and how often it could not be told.
select
    criterion, sum(met + not_met)::bigint as n, sum(met)::bigint as met, sum(not_met)::bigint as not_met,
    sum(not_applicable)::bigint as not_applicable, sum(not_assessable)::bigint as not_assessable,
    met_share(sum(met), sum(not_met)) as share,
    wilson_low(sum(met), sum(not_met)) as low, wilson_high(sum(met), sum(not_met)) as high
from need_quarters
where quarter >= epoch_ms($start::timestamptz) // 900000 and quarter < epoch_ms($end::timestamptz) // 900000
  and ($queues is null or list_contains($queues::varchar[], queue))
group by criterion order by criterion

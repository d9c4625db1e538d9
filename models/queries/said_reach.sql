-- The newest $reach transcripts of the period: how many there are, how old the oldest is, and where their turns lie.
-- since: no call before this moment is among them; null when all of the period are, or some of no known time.
with able as (
    select started_at, first_row from transcript_places
    where ($start is null or started_at >= $start) and ($end is null or started_at < $end)
),
near as (select * from able order by started_at desc nulls last, first_row desc limit $reach)
select
    (select count(*) from able) as able, count(*) as searched, timezone($zone, min(started_at)) as oldest,
    case when count(*) < (select count(*) from able) and count(*) = count(started_at) then min(started_at) end as since,
    coalesce(min(first_row), 0) as first_row, coalesce(max(first_row), -1) as last_row
from near

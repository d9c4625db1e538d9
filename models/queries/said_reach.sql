-- How far said.sql looked: the calls searched, the calls it could search, and the oldest one searched.
with able as (
    select started_at
    from calls
    where has_transcript
      and ($start is null or started_at >= $start)
      and ($end is null or started_at < $end)
      and ($queues is null or list_contains($queues::varchar[], queue))
      and ($agent is null or contains(lower(agent_id), lower($agent)))
      and ($customer is null or contains(lower(customer_id), lower($customer)))
      and ($min_wait_s is null or wait_s >= $min_wait_s)
      and ($recorded is null or has_recording = $recorded)
)
select least($reach, (select count(*) from able)) as searched, (select count(*) from able) as able,
       timezone($zone, (select min(started_at) from (from able order by started_at desc limit $reach))) as oldest

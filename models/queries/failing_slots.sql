-- Half hours of the week below their goal with at least $least calls, by how many calls were not answered in time.
select * from (
    select
        isodow(local_start)::integer as weekday,
        (hour(local_start) * 2 + minute(local_start) // 30)::integer as slot,
        sum(offered)::bigint as offered,
        service_level(sum(answered_in_target), sum(answered), sum(abandons_counted)) as service_level,
        sum(goal * (answered + abandons_counted)) / nullif(sum(answered + abandons_counted), 0) as goal,
        (sum(answered) + sum(abandons_counted) - sum(answered_in_target))::bigint as late
    from (
        select *, timezone($zone, interval_start) as local_start from service_level_by_interval
        where interval_start >= $start and interval_start < $end
          and ($queues is null or list_contains($queues::varchar[], queue))
    )
    group by all
)
where offered >= $least and service_level < goal
order by late desc, service_level, weekday, slot
limit $limit

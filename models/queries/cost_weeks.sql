-- What poor service cost by week, part by part.
select * from poor_service_weeks($start, $end, $queues) order by week

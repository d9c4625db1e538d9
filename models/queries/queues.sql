-- Every queue that a call names, for choosing.
select distinct queue from (select queue from queue_visits union all select queue from calls)
where queue is not null order by queue

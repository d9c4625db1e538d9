-- One row: calls of known customers that began in a half-open period, and how many were followed by another.
select
    (select count(*) from calls
     where visits > 0 and is_known_customer(customer_id) and started_at >= $start and started_at < $end
       and ($queues is null or list_contains($queues::varchar[], queue))) as calls,
    (select count(*) from repeat_calls
     where started_at >= $start and started_at < $end
       and ($queues is null or list_contains($queues::varchar[], queue))) as repeated

-- The calls that limits allow: one entered one of the queues, and one of the agents took it there; null: any.
-- $call_id: that call alone, if it is allowed; null: all of them.
select c.call_id
from calls c
where ($call_id::varchar is null or c.call_id = $call_id)
  and ((($queues::varchar[] is null or c.queue in (select unnest($queues::varchar[])))
        and ($agents::varchar[] is null or c.agent_id in (select unnest($agents::varchar[]))))
       or c.call_id in (
           select v.call_id from queue_visits v
           where ($call_id::varchar is null or v.call_id = $call_id)
             and ($queues::varchar[] is null or v.queue in (select unnest($queues::varchar[])))
             and ($agents::varchar[] is null or v.agent_id in (select unnest($agents::varchar[])))))

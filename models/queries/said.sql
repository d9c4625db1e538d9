-- Turns that contain every one of $words (letter case and accents aside) in the newest $reach transcribed calls
-- that pass the filters; newest call first. Only those calls' turns are read, whatever the size of the store.
with searched as (
    select call_id, started_at, queue, agent_id, customer_id
    from calls
    where has_transcript
      and ($start is null or started_at >= $start)
      and ($end is null or started_at < $end)
      and ($queues is null or list_contains($queues::varchar[], queue))
      and ($agent is null or contains(lower(agent_id), lower($agent)))
      and ($customer is null or contains(lower(customer_id), lower($customer)))
      and ($min_wait_s is null or wait_s >= $min_wait_s)
      and ($recorded is null or has_recording = $recorded)
    order by started_at desc, call_id
    limit $reach
)
select s.call_id, timezone($zone, s.started_at) as started_at, s.queue, s.agent_id, s.customer_id,
       t.turn_no, t.speaker, t.start_s, t.text
from turns t join searched s on s.call_id = t.call_id
where contains(strip_accents(lower(t.text)), strip_accents(lower($longest)))
  and (len($words) = 1
       or list_bool_and([contains(strip_accents(lower(t.text)), strip_accents(lower(w))) for w in $words::varchar[]]))
order by s.started_at desc nulls last, s.call_id, t.turn_no
limit $limit

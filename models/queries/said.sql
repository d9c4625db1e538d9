-- Turns that contain every one of $words, letter case and accents aside, newest call first.
-- Only turns from $first_row to the end of the transcript at $last_row are read: see said_reach.sql.
with heard as materialized (
    select call_id, turn_no, speaker, start_s, text
    from turns
    where rowid between $first_row and $last_row + 2000
      and contains(strip_accents(lower(text)), strip_accents(lower($longest)))
      and (len($words) = 1
           or list_bool_and([contains(strip_accents(lower(text)), strip_accents(lower(w))) for w in $words::varchar[]]))
)
select c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.customer_id,
       h.turn_no, h.speaker, h.start_s, h.text
from heard h join calls c on c.call_id = h.call_id
where ($start is null or c.started_at >= $start)
  and ($end is null or c.started_at < $end)
  and ($queues is null or list_contains($queues::varchar[], c.queue))
  and ($agent is null or is_named(c.agent_id, $agent))
  and ($customer is null or contains(lower(c.customer_id), lower($customer)))
  and ($min_wait_s is null or c.wait_s >= $min_wait_s)
  and ($recorded is null or c.has_recording = $recorded)
  and ($band is null or wait_band(c.wait_s) = $band)
  and ($again is null or c.call_id in (select call_id from repeat_calls where $again))
  and ($criterion is null or c.call_id in (
      select call_id from need_facts where criterion = $criterion and ($result is null or result = $result)))
order by c.started_at desc nulls last, c.call_id, h.turn_no
limit $limit offset $offset

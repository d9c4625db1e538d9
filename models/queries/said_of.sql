-- Turns of $calls that contain every one of $words, letter case and accents aside, newest call first.
with heard as (
    select call_id, turn_no, speaker, start_s, text
    from turns
    where call_id in (select unnest($calls::varchar[]))
      and list_bool_and([contains(strip_accents(lower(text)), strip_accents(lower(w))) for w in $words::varchar[]])
)
select c.call_id, timezone($zone, c.started_at) as started_at, c.queue, c.agent_id, c.customer_id,
       h.turn_no, h.speaker, h.start_s, h.text
from heard h join calls c on c.call_id = h.call_id
order by c.started_at desc nulls last, c.call_id, h.turn_no
limit $limit

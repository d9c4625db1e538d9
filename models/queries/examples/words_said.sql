-- Turns of the newest thousand transcribed calls in which a customer says something twice happened
select c.started_at, c.call_id, t.turn_no, t.text
from (select call_id, started_at from calls where has_transcript order by started_at desc limit 1000) c
join turns t on t.call_id = c.call_id
where t.speaker <> 'agent' and contains(strip_accents(lower(t.text)), 'twice')
order by c.started_at desc, t.turn_no
limit 50;

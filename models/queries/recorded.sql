-- How many calls of a half-open period there are, and how many of them have a recording.
select count(*) as calls, count(*) filter (has_recording) as recorded, count(*) filter (has_transcript) as transcribed
from calls
where started_at >= $start and started_at < $end
  and ($queues is null or list_contains($queues::varchar[], queue))

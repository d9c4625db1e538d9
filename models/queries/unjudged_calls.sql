-- Calls whose judgement is missing or was made from something else: $1 scorecard version, $2 judge.
-- In the order in which transcripts were loaded, so that the turns of a batch lie side by side.
with heard as (
    select call_id, count(*) as recordings, max(overlap_s) as overlap_s,
           max(agent_interruptions) as agent_interruptions, max(longest_silence_s) as longest_silence_s
    from recordings group by call_id
)
select
    t.call_id, coalesce(t.language, c.language) as language, c.wait_s, t.loaded_at as transcript_loaded_at,
    coalesce(h.recordings, 0) as recordings,
    case when t.origin = 'recording' then h.overlap_s end as overlap_s,
    case when t.origin = 'recording' then h.agent_interruptions end as agent_interruptions,
    case when t.origin = 'recording' then h.longest_silence_s end as longest_silence_s
from transcripts t
left join calls c using (call_id)
left join heard h using (call_id)
left join judged_calls j using (call_id)
where j.call_id is null
   or j.scorecard_version <> $1 or j.judge <> $2
   or j.transcript_loaded_at <> t.loaded_at
   or j.language is distinct from coalesce(t.language, c.language)
   or j.wait_s is distinct from c.wait_s
   or j.recordings <> coalesce(h.recordings, 0)
order by t.rowid

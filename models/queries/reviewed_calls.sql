-- What judging needs of the calls with these ids ($1), a row per call with a transcript: as in unjudged_calls.sql.
with heard as (
    select call_id, max(overlap_s) as overlap_s, max(agent_interruptions) as agent_interruptions,
           max(longest_silence_s) as longest_silence_s
    from recordings group by call_id
)
select
    t.call_id, coalesce(t.language, c.language) as language, c.wait_s,
    case when t.origin = 'recording' then h.overlap_s end as overlap_s,
    case when t.origin = 'recording' then h.agent_interruptions end as agent_interruptions,
    case when t.origin = 'recording' then h.longest_silence_s end as longest_silence_s
from transcripts t
left join calls c using (call_id)
left join heard h using (call_id)
where list_contains($1::varchar[], t.call_id)

-- Which transcript each call keeps after recordings moved (temp table moved): one row per transcript involved.
-- A brought file wins, then the longest recording; `keeps` is false for the others.
with candidates as (
    select distinct m.call_id as target, t.call_id as holder, t.origin, r.duration_s, t.recording_id
    from moved m
    join transcripts t on t.call_id in (m.call_id, m.old_call_id)
    left join recordings r on r.recording_id = t.recording_id
)
select
    target, holder,
    row_number() over (
        partition by target order by origin = 'file' desc, duration_s desc nulls last, recording_id desc
    ) = 1 as keeps
from candidates

-- Rows of `calls` for the ids in touched_calls, from everything the store knows of them.
-- Precedence: queue log, then the recording's metadata, then the transcript's.
with visits as (
    select
        v.call_id,
        min(v.entered_at) as started_at,
        arg_min(v.queue, v.entered_at) as queue,
        arg_max(v.agent_id, v.entered_at) filter (v.agent_id is not null) as agent_id,
        any_value(v.customer_id) as customer_id,
        any_value(v.direction) as direction,
        any_value(v.language) as language,
        any_value(v.segment) as segment,
        sum(v.wait_s) as wait_s,
        arg_max_null(v.outcome, v.entered_at) as outcome,
        sum(v.talk_s) as talk_s,
        sum(v.hold_s) as hold_s,
        sum(v.acw_s) as acw_s,
        min(v.answered_at) as answered_at,
        max(v.ended_at) as ended_at,
        count(*) as visits
    from queue_visits v
    where v.call_id in (select call_id from touched_calls)
    group by v.call_id
),
heard as (
    select
        call_id,
        min(started_at) as started_at,
        any_value(queue) as queue,
        any_value(agent_id) as agent_id,
        any_value(customer_id) as customer_id,
        any_value(direction) as direction,
        any_value(language) as language,
        max(duration_s) as duration_s
    from recordings
    where call_id in (select call_id from touched_calls)
    group by call_id
),
read as (
    select * from transcripts where call_id in (select call_id from touched_calls)
)
select
    t.call_id,
    coalesce(v.started_at, h.started_at, r.started_at) as started_at,
    coalesce(v.queue, h.queue, r.queue) as queue,
    coalesce(v.agent_id, h.agent_id, r.agent_id) as agent_id,
    coalesce(v.customer_id, h.customer_id, r.customer_id) as customer_id,
    coalesce(v.direction, h.direction, r.direction, case when v.call_id is null then 'unknown' else 'inbound' end) as direction,
    coalesce(h.language, r.language, v.language) as language,
    coalesce(h.duration_s, epoch(v.ended_at - v.started_at), r.duration_s) as duration_s,
    v.wait_s, v.outcome, v.talk_s, v.hold_s,
    h.call_id is not null as has_recording,
    r.call_id is not null as has_transcript,
    s.predicted as predicted_satisfaction,
    v.acw_s,
    coalesce(v.visits, 0)::integer as visits,
    v.segment, v.answered_at, v.ended_at
from touched_calls t
left join visits v using (call_id)
left join heard h using (call_id)
left join read r using (call_id)
left join satisfaction s on s.call_id = t.call_id and s.transcript_loaded_at = r.loaded_at
where v.call_id is not null or h.call_id is not null or r.call_id is not null

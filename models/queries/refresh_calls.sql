-- Rows of `calls` for the ids in touched_calls, from everything the store knows of them.
-- Precedence: queue log, then the recording's metadata, then the transcript's.
-- Where several stays or recordings of a call differ, the first one tells (the last one the agent and the outcome).
with stays as (
    select * from queue_visits where call_id in (select call_id from touched_calls)
),
often as (
    select call_id from stays group by call_id having count(*) > 1
),
-- most calls have one stay, and grouping those costs more than all the rest
visits as (
    select call_id, entered_at as started_at, queue, agent_id, customer_id, direction, language, segment, wait_s, outcome,
        talk_s, hold_s, acw_s, answered_at, ended_at, 1 as visits
    from stays
    where call_id not in (select call_id from often)
    union all
    select
        call_id,
        min(entered_at) as started_at,
        min_by(queue, (entered_at, queue)) as queue,
        max_by(agent_id, (entered_at, queue)) filter (agent_id is not null) as agent_id,
        min_by(customer_id, (entered_at, queue)) filter (customer_id is not null) as customer_id,
        min_by(direction, (entered_at, queue)) filter (direction is not null) as direction,
        min_by(language, (entered_at, queue)) filter (language is not null) as language,
        min_by(segment, (entered_at, queue)) filter (segment is not null) as segment,
        sum(wait_s) as wait_s,
        arg_max_null(outcome, (entered_at, queue)) as outcome,
        sum(talk_s) as talk_s,
        sum(hold_s) as hold_s,
        sum(acw_s) as acw_s,
        min(answered_at) as answered_at,
        max(ended_at) as ended_at,
        count(*) as visits
    from stays
    where call_id in (select call_id from often)
    group by call_id
),
heard as (
    select
        call_id,
        min(started_at) as started_at,
        min_by(queue, (started_at, recording_id)) filter (queue is not null) as queue,
        min_by(agent_id, (started_at, recording_id)) filter (agent_id is not null) as agent_id,
        min_by(customer_id, (started_at, recording_id)) filter (customer_id is not null) as customer_id,
        min_by(direction, (started_at, recording_id)) filter (direction is not null) as direction,
        min_by(language, (started_at, recording_id)) filter (language is not null) as language,
        max(duration_s) as duration_s
    from recordings
    where call_id in (select call_id from touched_calls)
    group by call_id
),
read as (
    select * from transcripts where call_id in (select call_id from touched_calls)
)
select
    coalesce(v.call_id, h.call_id, r.call_id) as call_id,
    coalesce(v.started_at, h.started_at, r.started_at) as started_at,
    coalesce(v.queue, h.queue, r.queue) as queue,
    coalesce(v.agent_id, h.agent_id, r.agent_id) as agent_id,
    coalesce(v.customer_id, h.customer_id, r.customer_id) as customer_id,
    coalesce(v.direction, h.direction, r.direction, case when v.call_id is null then 'unknown' else 'inbound' end) as direction,
    coalesce(h.language, r.language, v.language) as language,
    coalesce(h.duration_s, (epoch_us(v.ended_at) - epoch_us(v.started_at)) / 1e6, r.duration_s) as duration_s,
    v.wait_s, v.outcome, v.talk_s, v.hold_s,
    h.call_id is not null as has_recording,
    r.call_id is not null as has_transcript,
    s.predicted as predicted_satisfaction,
    v.acw_s,
    coalesce(v.visits, 0)::integer as visits,
    v.segment, v.answered_at, v.ended_at
from visits v
full join heard h on h.call_id = v.call_id
full join read r on r.call_id = coalesce(v.call_id, h.call_id)
left join satisfaction s on s.call_id = r.call_id and s.transcript_loaded_at = r.loaded_at

-- One call with what is known of its transcript and how it went (judged_calls). Parameters: call_id, zone. No row for an unknown call.
select
    c.call_id, timezone($zone, c.started_at) as started_at, epoch_us(c.started_at) as started_us,
    c.queue, c.agent_id, c.customer_id, c.direction,
    c.language, c.duration_s, c.wait_s, c.outcome, c.talk_s, c.hold_s, c.has_recording, c.has_transcript,
    c.predicted_satisfaction,
    t.origin as transcript_origin, t.recording_id as transcript_recording_id, t.model,
    coalesce(t.is_demonstration, false) as is_demonstration,
    coalesce(t.language, c.language) as transcript_language,
    j.call_id is not null as judged, j.greeting_after_s, j.dead_air, j.longest_dead_air_s, j.talk_over_s,
    j.holds, j.holds_asked, j.holds_thanked
from calls c
left join transcripts t on t.call_id = c.call_id
left join judged_calls j on j.call_id = c.call_id
where c.call_id = $call_id

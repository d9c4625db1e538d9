-- Sets aside visits that the store has exactly so (wherever they came from).
delete from merged_visits
where rowid in (
    select m.rowid
    from merged_visits m
    semi join queue_visits v
        on v.call_id = m.call_id and v.queue = m.queue and v.entered_at = m.entered_at and v.format = m.format
        and (v.wait_s, v.outcome, v.agent_id, v.talk_s, v.position_in, v.position_out, v.answered_at, v.ended_at)
            is not distinct from
            (m.wait_s, m.outcome, m.agent_id, m.talk_s, m.position_in, m.position_out, m.answered_at, m.ended_at)
        and (v.hold_s, v.acw_s, v.customer_id, v.direction, v.segment, v.language, v.recording, v.consent)
            is not distinct from
            (m.hold_s, m.acw_s, m.customer_id, m.direction, m.segment, m.language, m.recording, m.consent)
)

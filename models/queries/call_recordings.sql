-- The recordings of one call in the order they began, with what the sound alone tells. Parameter: call_id.
-- agent_share = agent's seconds / (agent's + customer's seconds); silence_share and overlap_share are of the whole.
select
    recording_id, duration_s, audio_path is not null as audible, waveform,
    agent_channel is not null as agent_known,
    coalesce(sum(duration_s) over (
        order by started_at nulls last, recording_id rows between unbounded preceding and 1 preceding
    ), 0) as offset_s,
    agent_talk_s / nullif(agent_talk_s + customer_talk_s, 0) as agent_share,
    silence_s / nullif(duration_s, 0) as silence_share,
    longest_silence_s,
    overlap_s / nullif(duration_s, 0) as overlap_share,
    agent_interruptions, customer_interruptions
from recordings
where call_id = $call_id
order by offset_s, recording_id

-- Recordings with the longest silences, and how much both spoke at once
select
    call_id, round(duration_s) as duration_s, round(longest_silence_s, 1) as longest_silence_s,
    round(100 * silence_s / nullif(duration_s, 0)) as silence_percent,
    round(overlap_s, 1) as overlap_s, agent_interruptions, customer_interruptions
from recordings
order by longest_silence_s desc
limit 20;

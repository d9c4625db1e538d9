-- Grain: one row per stay; key (call_id, queue, entered_at). Of lines with one key the last one counts. Parameter: source.
create or replace temp table merged_visits as
select call_id, queue, entered_at, wait_s, final_outcome as outcome, agent_id, talk_s, position_in, position_out,
    answered_at, ended_at, hold_s, acw_s, customer_id, direction, segment, language, recording, consent,
    'csv' as format, cast($source as varchar) as source
from judged_visits
where reason is null
qualify row_number() over (partition by call_id, queue, entered_at order by line_no desc) = 1

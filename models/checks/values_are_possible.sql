-- Figures that cannot be: negative durations, ends before beginnings, probabilities outside 0..1, unknown words of the field.
select 'queue_visits' as "table", call_id as key, 'negative duration' as what
from queue_visits where least(wait_s, talk_s, hold_s, acw_s, ring_s) < 0
union all
select 'queue_visits', call_id, 'unknown outcome ' || outcome
from queue_visits where outcome not in ('answered', 'transferred', 'abandoned', 'timeout', 'key', 'empty', 'callback')
union all
select 'queue_visits', call_id, 'ends before it begins' from queue_visits where ended_at < entered_at or answered_at < entered_at
union all
select 'turns', call_id, 'ends before it begins' from turns where end_s < start_s or start_s < 0
union all
select 'turns', call_id, 'confidence outside 0..1' from turns where confidence not between 0 and 1
union all
select 'turns', call_id, 'unknown speaker ' || speaker from turns where speaker not in ('agent', 'customer', 'unknown')
union all
select 'recordings', recording_id, 'impossible length' from recordings
where duration_s <= 0 or silence_s < 0 or overlap_s < 0 or silence_s > duration_s + 0.5 or overlap_s > duration_s

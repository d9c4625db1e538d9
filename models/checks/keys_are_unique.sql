-- Keys that must name one row: rows here are keys that name several.
select 'calls' as "table", call_id as key, count(*) as rows from calls group by all having count(*) > 1
union all
select 'queue_visits', concat_ws(' ', call_id, queue, entered_at), count(*)
from queue_visits group by call_id, queue, entered_at having count(*) > 1
union all
select 'turns', concat_ws(' ', call_id, turn_no), count(*) from turns group by call_id, turn_no having count(*) > 1
union all
select 'transcripts', call_id, count(*) from transcripts group by call_id having count(*) > 1
union all
select 'recordings', recording_id, count(*) from recordings group by recording_id having count(*) > 1

-- One recording, and where it lies in its call: recordings of a call are laid end to end in the order they began.
-- Parameter: recording_id.
with of_call as (
    select
        recording_id, call_id, audio_path, duration_s,
        coalesce(sum(duration_s) over (
            partition by call_id order by started_at nulls last, recording_id
            rows between unbounded preceding and 1 preceding
        ), 0) as offset_s,
        sum(duration_s) over (partition by call_id) as call_duration_s
    from recordings
    where call_id = (select call_id from recordings where recording_id = $recording_id)
)
select * from of_call where recording_id = $recording_id

-- The calls that a playlist is drawn from: one row per call that can be heard, of the $days days before the newest call,
-- without those of the agents in $own. Signals are null where a call was not judged.
with newest as (
    select max(started_at) as moment from calls where has_recording
),
recent as (
    select call_id, queue, agent_id, wait_s, predicted_satisfaction
    from calls
    where has_recording and started_at > (select moment from newest) - to_days($days::integer)
      and not coalesce(list_contains($own::varchar[], agent_id), false)
),
sound as (
    select call_id, sum(duration_s) as duration_s
    from recordings
    where audio_path is not null and call_id in (select call_id from recent)
    group by call_id
),
sure as (
    select call_id, avg(confidence) as confidence
    from automatic_results
    where result in ('met', 'not_met') and call_id in (select call_id from recent)
    group by call_id
)
select
    r.call_id, s.duration_s, r.queue, r.wait_s, j.overall, r.predicted_satisfaction as predicted, c.confidence
from recent r
join sound s on s.call_id = r.call_id
left join judged_calls j on j.call_id = r.call_id
left join sure c on c.call_id = r.call_id
where s.duration_s >= $shortest_s
  and r.call_id not in (
      select call_id from queue_visits where list_contains($own::varchar[], agent_id) and call_id in (select call_id from recent))
order by r.call_id

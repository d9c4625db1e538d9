-- Every assessment that was begun, the newest first.
select * from assessment_results order by coalesce(answered_at, started_at) desc, assessment_id desc

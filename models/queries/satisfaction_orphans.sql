-- Calls with a prediction and no transcript any more.
select call_id from satisfaction where call_id not in (select call_id from transcripts)

-- Grain: one row per event that the store has of a touched call.
create or replace temp table mended_events as
select * from queue_events semi join touched_calls using (call_id)

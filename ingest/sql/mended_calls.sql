-- Grain: one row per touched call that the store has events of: its stays are made again from all its events.
create or replace temp table mended_calls as
select distinct call_id from mended_events

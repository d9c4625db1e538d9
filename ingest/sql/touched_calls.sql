-- Grain: one row per call that a staged event says something about.
create or replace temp table touched_calls as
select distinct call_id from staged_events where reason is null and kind > 0

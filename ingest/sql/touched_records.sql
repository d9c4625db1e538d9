-- Grain: one row per call that a new record says something about.
create or replace temp table touched_calls as
select distinct call_id from staged_records where reason is null

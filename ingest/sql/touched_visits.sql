-- Grain: one row per call whose visits are new or changed.
create or replace temp table touched_calls as
select distinct call_id from merged_visits

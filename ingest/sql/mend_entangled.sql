-- Calls whose stays in a queue grouping can't tell apart are made from their events in order.
insert into mended_calls
select distinct call_id from stay_parts where not plain

-- The grouped parts of calls that are made from their events in order.
delete from stay_parts where call_id in (select call_id from stay_parts where not plain)

-- The complaint with a number, if it is there for whoever looks.
select complaint_id from complaints where complaint_id = $complaint_id

-- Who changed what in the complaints register, the newest first
select changed_at, changed_by, complaint_id, field, before, after, is_undone
from complaint_changes
order by change_id desc
limit 200;

-- Where in `turns` each transcript begins: turns lie there call by call, so that one search reads a bounded stretch.
select c.started_at, t.rowid as first_row
from turns t join calls c on c.call_id = t.call_id
where t.turn_no = 1

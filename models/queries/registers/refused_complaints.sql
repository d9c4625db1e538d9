-- Refused lines of imported files, of one import or of all, the newest first.
select r.refused_id, r.import_id, i.file_name, r.line_no, r.reason, r.raw, timezone($zone, i.imported_at) as imported_at, count(*) over () as refused
from refused_complaint_rows r
join complaint_imports i on i.import_id = r.import_id
where $import_id is null or r.import_id = $import_id
order by r.import_id desc, r.line_no
limit $limit

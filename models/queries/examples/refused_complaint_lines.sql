-- Lines of complaint files that were refused, by file and reason
select i.file_name, i.imported_at, i.imported_by, r.reason, count(*) as lines, min(r.line_no) as first_line
from refused_complaint_rows r
join complaint_imports i on i.import_id = r.import_id
group by all
order by i.imported_at desc, lines desc;

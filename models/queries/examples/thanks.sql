-- Thanks said to employees, the newest first
select given_on, employee, text, written_by, call_id from recognitions order by given_on desc limit 200;

-- Ideas of employees, month by month, with what became of them
select month, employee, text, status, answer from ideas order by month desc, employee limit 200;

-- Share of callers who are ready to wait longer than a minute, two, three and four
select minutes, min(still_waiting) as share
from patience(null, null, null, null), (values (1), (2), (3), (4)) m(minutes)
where wait_s <= minutes * 60
group by minutes
order by minutes;

-- Issues that grow faster than chance in one of the last $most weeks, the newest and surest first; each in its newest week.
select w.issue_id, i.name, w.week, w.calls, w.expected, w.p_corrected
from issue_weeks w
join issues i on i.issue_id = w.issue_id
where w.is_emerging and w.week > (select max(week) from issue_weeks) - 7 * $most::integer
qualify row_number() over (partition by w.issue_id order by w.week desc) = 1
order by w.week desc, w.p_corrected, w.issue_id

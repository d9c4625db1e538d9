-- What the cost of issues is reckoned with, and where each comes from.
select name, value, is_written, source from issue_assumptions order by name

-- What the cost of issues is reckoned with.
select name, value from issue_assumptions order by name

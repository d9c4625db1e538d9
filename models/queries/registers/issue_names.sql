-- Every recurring issue with its name, the most frequent first.
select issue_id, name from issues order by calls desc, issue_id

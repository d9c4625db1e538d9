-- Put the statements of `placed` (call_id, statement_no, issue_id, split_id, likeness) into their issues; settled ones stay.
update problem_statements s
set issue_id = p.issue_id, split_id = p.split_id, likeness = p.likeness
from placed p
where p.call_id = s.call_id and p.statement_no = s.statement_no and s.issue_id is null

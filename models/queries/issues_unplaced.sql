-- Statements of a language ($language) that belong to no issue yet, after the call $after: at most $most.
select s.call_id, s.statement_no, s.words, s.answer, coalesce(r.troubled, true) as troubled
from problem_statements s
join statement_calls r on r.call_id = s.call_id
where s.issue_id is null and s.language = $language and (s.call_id, s.statement_no) > ($after, $after_no)
order by s.call_id, s.statement_no
limit $most

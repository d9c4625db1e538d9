-- Statements of a language ($language) that belong to no issue yet, after ($after, $after_no) and until ($until, $until_no).
select s.call_id, s.statement_no, s.words, s.answer, coalesce(r.troubled, true) as troubled
from problem_statements s
join statement_calls r on r.call_id = s.call_id
where s.issue_id is null and s.language = $language and s.call_id >= $after and s.call_id <= $until
  and (s.call_id > $after or s.statement_no > $after_no) and (s.call_id < $until or s.statement_no <= $until_no)
order by s.call_id, s.statement_no

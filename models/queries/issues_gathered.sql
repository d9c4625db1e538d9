-- Statements of a language ($language) that belong to no issue yet: at most $most, chosen by the hash of their call.
select s.call_id, s.statement_no, s.turn_no, s.quote, s.words, s.answer, coalesce(r.troubled, true) as troubled,
       coalesce(nullif(c.customer_id, ''), s.call_id) as customer
from problem_statements s
join statement_calls r on r.call_id = s.call_id
left join calls c on c.call_id = s.call_id
where s.issue_id is null and s.language = $language
order by md5(s.call_id), s.call_id, s.statement_no
limit $most

-- What is said in each issue of a language ($language), for its name: at most $most statements of each.
select issue_id, call_id, turn_no, quote, words, answer,
       count(*) over (partition by issue_id) as statements
from problem_statements
where issue_id is not null and language = $language
qualify row_number() over (partition by issue_id order by md5(call_id), call_id, statement_no) <= $most
order by issue_id, md5(call_id), call_id, statement_no

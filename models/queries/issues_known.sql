-- Examples of each known issue in a language ($language): at most $most statements, chosen by the hash of their call.
-- split_id is the part of an issue that people split off, as `issue_splits` (issue_id, call_id, turn_no) says.
with placed as (
    select s.issue_id, coalesce(p.issue_id, s.split_id) as split_id, s.call_id, s.statement_no, s.words, s.answer
    from problem_statements s
    left join issue_splits p on p.call_id = s.call_id and p.turn_no = s.turn_no
    where s.issue_id is not null and s.language = $language
)
select issue_id, split_id, words, answer
from placed
qualify row_number() over (
    partition by issue_id, split_id order by md5(call_id), call_id, statement_no) <= $most
order by issue_id, split_id nulls first, md5(call_id), call_id, statement_no

-- Examples of each known issue in a language ($language): at most $most statements, chosen by the hash of their call.
-- split_id is the part of an issue that people split off, as `issue_splits` (issue_id, call_id, turn_no) says.
-- The few that are kept are gathered while grouping: numbering every statement of an issue takes twice as long.
with placed as (
    select s.issue_id, coalesce(p.issue_id, s.split_id) as split_id,
        {'hash': md5(s.call_id), 'call_id': s.call_id, 'statement_no': s.statement_no, 'words': s.words, 'answer': s.answer} as said
    from problem_statements s
    left join issue_splits p on p.call_id = s.call_id and p.turn_no = s.turn_no
    where s.issue_id is not null and s.language = $language
),
chosen as (
    select issue_id, split_id, unnest(min(said, $most)) as said
    from placed
    group by issue_id, split_id
)
select issue_id, split_id, said.words, said.answer
from chosen
order by issue_id, split_id nulls first, said

-- The last statement of each page of $most statements of a language ($language) that belong to no issue yet, in order.
with numbered as (
    select call_id, statement_no, row_number() over (order by call_id, statement_no) as place, count(*) over () as statements
    from problem_statements
    where issue_id is null and language = $language
)
select call_id, statement_no
from numbered
where place % $most = 0 or place = statements
order by place

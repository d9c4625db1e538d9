-- What each reviewer judged before they could know the automatic result: one row per reviewer, call and criterion, in
-- the order of judging. Runs on app.sqlite and on a snapshot alike.
with judged as (
    select
        e.edit_id, e.reviewer, e.call_id, e.criterion, e.result,
        row_number() over (partition by e.reviewer, e.call_id, e.criterion order by e.edit_id desc) as place
    from review_edits e
    where e.blind and e.undoes is null and e.result is not null
      and not exists (select 1 from review_edits u where u.undoes = e.edit_id)
)
select reviewer, call_id, criterion, result from judged where place = 1 order by edit_id

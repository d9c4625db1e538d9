-- The random picks that their reviewers judged met or not met, on app.sqlite, with the judgements of this minute: a row
-- per reviewer, call and criterion. The view team_facts says the same of a snapshot.
with latest as (
    select reviewer, call_id, criterion, result,
           row_number() over (partition by reviewer, call_id, criterion order by edit_id desc) as place
    from review_edits
)
select p.reviewer, p.call_id, r.criterion, r.result, p.probability
from playlist_calls p
join latest r on r.reviewer = p.reviewer and r.call_id = p.call_id and r.place = 1
where p.pick = 'random' and r.result in ('met', 'not_met')
order by p.reviewer, p.week, p.position, r.criterion

-- The automatic results of the calls with these ids ($ids). Where a learned model judges a call that it was trained on,
-- the result of a model that had not seen it: agreement must not be flattered.
select a.call_id, a.criterion, coalesce(l.held_out, a.result) as result
from automatic_results a
left join learned_calls l on l.call_id = a.call_id and a.judge = 'learned:' || l.version
where list_contains($ids::varchar[], a.call_id)

-- The automatic results of the calls with these ids ($ids).
select call_id, criterion, result from automatic_results where list_contains($ids::varchar[], call_id)

-- Which of some calls are there. Parameters: ids.
select call_id from calls where list_contains($ids::varchar[], call_id)

-- Some calls by id. Parameters: ids, zone.
select call_id, timezone($zone, started_at) as started_at, queue, agent_id, customer_id, outcome, predicted_satisfaction
from calls
where list_contains($ids::varchar[], call_id)

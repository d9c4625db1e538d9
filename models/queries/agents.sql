-- The agents whom calls name, by name.
select distinct agent_id from calls where agent_id is not null
union select distinct agent_id from queue_visits where agent_id is not null
order by agent_id

-- The target of a queue on a local day: its own where it has any, else that of every queue ('*'); no row before the first.
select queue, valid_from, goal, threshold_s, short_abandon_s, abandons_count, flow_outs_count, all_calls_limit_s,
       abandon_ceiling
from targets
where queue = case when $queue in (select queue from targets) then $queue else '*' end and valid_from <= $day
order by valid_from desc
limit 1

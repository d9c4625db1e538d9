-- How long answered calls, abandons and flow-outs waited: calls by steps of $step seconds; the last step holds all longer ones.
select
    floor(least(wait_s, $cut_s) / $step) * $step as from_s,
    sum(answered)::bigint as answered,
    sum(abandoned)::bigint as abandoned,
    sum(flowed_out)::bigint as flowed_out
from judged_visits
where entered_at >= $start and entered_at < $end
  and ($queues is null or list_contains($queues::varchar[], queue))
  and ($hours is null or is_open = ($hours = 'open'))
group by all order by from_s

-- One row: calls offered outside opening hours in a half-open period.
select coalesce(sum(offered), 0)::bigint as offered, coalesce(sum(answered), 0)::bigint as answered
from waits_between('all', $start, $end, $queues, 'outside')

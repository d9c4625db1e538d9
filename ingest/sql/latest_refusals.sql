-- The first lines of a file refused since a moment. Parameters: source, since, most.
select source, line_no, reason, raw
from rejected_rows
where refused_at >= cast($since as timestamptz) and source = $source
order by line_no
limit $most

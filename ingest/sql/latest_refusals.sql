-- The first lines refused in the latest batch of a file. Parameters: source, most.
select source, line_no, reason, raw
from rejected_rows
where refused_at = (select max(refused_at) from rejected_rows)
    and source = $source
order by line_no
limit $most

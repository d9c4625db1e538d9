-- Grain: one row per possible stay of a mended call, beside those that grouping has found.
insert into stay_parts by name
select * exclude (stay, contradiction, last_line)
from mended_parts
where contradiction is null

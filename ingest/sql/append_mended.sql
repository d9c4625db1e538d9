-- Grain: one row per possible stay of a mended call, beside those that grouping has found. Should two stays begin at
-- one moment (an entry, and an event whose own waiting time leads there), the one with an entry counts.
insert into stay_parts by name
with possible as (
    select *,
        coalesce(enter_key >> 3, (connect_key >> 3) - cast(connect_wait_s * 1000000 as bigint),
            (end_key >> 3) - cast((end_wait_s + coalesce(talk_s, 0)) * 1000000 as bigint)) as entered_us
    from mended_parts
    where contradiction is null
)
select * exclude (stay, contradiction, last_line, entered_us)
from possible
qualify row_number() over (partition by call_id, queue, entered_us order by enter_key nulls last, stay) = 1

-- clock: one row per quarter hour in which a call entered a queue, with what the call centre's clock showed.
-- The only place where time zone, calendar and opening hours are worked out: views join it on
-- epoch_ms(entered_at) // 900000, which is exact because time zones differ by whole quarter hours.
-- The hour that comes twice in autumn is two hours here: half_hour_start and the like are instants.
create or replace table clock as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
quarters as (
    select distinct epoch_ms(entered_at) // 900000 as quarter from queue_visits
),
told as (
    select quarter, make_timestamptz(quarter * 900000000) as quarter_start,
           timezone((select name from zone), make_timestamptz(quarter * 900000000)) as local_start
    from quarters
),
placed as (
    select *, local_start::date as local_day, isodow(local_start)::tinyint as weekday,
           (hour(local_start) * 2 + minute(local_start) // 30)::tinyint as slot
    from told
)
select
    quarter, quarter_start,
    quarter_start - to_minutes(minute(local_start) % 30) as half_hour_start,
    quarter_start - to_minutes(minute(local_start)) as hour_start,
    timezone((select name from zone), local_day::timestamp) as day_start,
    timezone((select name from zone), date_trunc('week', local_day)::timestamp) as week_start,
    timezone((select name from zone), date_trunc('month', local_day)::timestamp) as month_start,
    local_start, local_day, weekday, slot,
    local_day not in (select day from closed_days)
        and (not exists (from opening_hours)
             or exists (from opening_hours o
                        where o.weekday = placed.weekday and slot >= o.from_slot and slot < o.until_slot)) as is_open
from placed
order by quarter;

comment on table clock is 'One row per quarter hour in which a call entered a queue, with what the call centre''s clock showed. Key: quarter.';
comment on column clock.quarter is 'Quarter hours since 1970 in UTC: epoch_ms(entered_at) // 900000.';
comment on column clock.quarter_start is 'Beginning of the quarter hour (UTC).';
comment on column clock.half_hour_start is 'Beginning of the half hour of the local clock that it lies in (UTC).';
comment on column clock.hour_start is 'Beginning of the hour of the local clock that it lies in (UTC).';
comment on column clock.day_start is 'Beginning of the local day (UTC): days have 23 or 25 hours where the clocks change.';
comment on column clock.week_start is 'Beginning of the local ISO week, a Monday (UTC).';
comment on column clock.month_start is 'Beginning of the local month (UTC).';
comment on column clock.local_start is 'What the local clock showed at its beginning.';
comment on column clock.local_day is 'The local day.';
comment on column clock.weekday is 'ISO weekday of the local day, 1 is Monday.';
comment on column clock.slot is 'Half hour of the local day, 0 to 47.';
comment on column clock.is_open is 'Whether the call centre is open then: see opening_hours and closed_days.';

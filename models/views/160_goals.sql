-- Goals: what is measured, day by day, and how each goal stands. One definition of each measure, in measure_days.

-- figure_kinds: one row per operational figure: those that Earshot knows by name, and people's own.
create or replace view figure_kinds as
with known (figure, name, adds_up) as (
    values ('shipped', 'Products shipped', true), ('returned', 'Products returned', true),
           ('made', 'Products made', true), ('internal_rejects', 'Rejected in the company', true),
           ('received', 'Goods received', true), ('supplier_rejects', 'Rejected goods of suppliers', true),
           ('orders', 'Orders', true), ('late_deliveries', 'Late deliveries', true),
           ('backorders', 'Orders that wait for stock', false)
)
select figure, name, null::varchar as unit, adds_up, false as is_own from known
union all
select figure, name, unit, adds_up, true from own_figures;

-- measures: one row per thing that a goal can be set for. how: share = numerator / n, mean = numerator / n, sum = numerator.
create or replace view measures as
with known (measure, name, how, direction) as (
    values ('answered_in_limit', 'Calls that kept the limit for every call', 'share', 'at_least'),
           ('service_level', 'Service level', 'share', 'at_least'),
           ('criteria_met', 'Criteria met', 'share', 'at_least'),
           ('first_call_resolution', 'Solved in one call', 'share', 'at_least'),
           ('complaints_satisfied', 'Satisfied with how the complaint was handled', 'share', 'at_least'),
           ('would_buy_again', 'Complained and would buy again', 'share', 'at_least'),
           ('returned_share', 'Products returned', 'share', 'at_most'),
           ('internal_reject_share', 'Rejected in the company', 'share', 'at_most'),
           ('supplier_reject_share', 'Rejected goods of suppliers', 'share', 'at_most')
)
select measure, name, how, direction, null::varchar as unit, false as is_figure from known
union all
select figure, name, case when adds_up then 'sum' else 'mean' end, null, unit, true from figure_kinds;

-- The value of a measure over any days, from sums over these days.
create or replace macro measure_value(how, numerator, n) as
    case how when 'sum' then case when n > 0 then numerator end else numerator / nullif(n, 0) end;
comment on macro measure_value is 'The value of a measure from sums over days: a share or mean is numerator / n, a sum the numerator. how: see measures.';

-- measure_days: one row per measure x local day.
--   answered_in_limit      visits that were neither left waiting beyond the limit for every call nor sent away / visits offered
--   service_level          answered within the threshold / visits that count (see the macro service_level)
--   criteria_met           criteria met / met or not met, of calls judged automatically
--   first_call_resolution  calls with an issue not followed by another of the same customer for it / calls of which that can be told
--   complaints_satisfied   complaints after which the customer is satisfied / complaints of which they said yes or no, by the day of the
--                          complaint; would_buy_again: the same of whether they would buy again
--   returned_share         returned / shipped; internal_reject_share: internal_rejects / made; supplier_reject_share: supplier_rejects / received
--   a figure               what was typed or loaded; n is how many values
create or replace macro measures_of_calls() as table
with zone as (
    select any_value(value) filter (name = 'time_zone') as name,
           coalesce(any_value(value) filter (name = 'outside_hours') = 'counted', false) as every_hour
    from settings
)
select 'answered_in_limit' as measure, local_day as day, sum(offered - over_limit)::double as numerator, sum(offered)::double as n
from judged_visits, zone
where all_calls_limit_s is not null and (is_open or every_hour)
group by local_day
union all
select 'service_level', local_day, sum(answered_in_target), sum(counted)
from judged_visits, zone
where is_open or every_hour
group by local_day
union all
select 'criteria_met', timezone(zone.name, make_timestamptz(quarter * 900000000))::date as local_day, sum(met), sum(n)
from (  -- by quarter hours first, as in clock: local time is dear to tell for each criterion of each call
    select epoch_ms(started_at) // 900000 as quarter, sum(met) as met, sum(met + not_met) as n
    from need_facts where started_at is not null group by quarter
), zone
group by local_day
union all
select 'first_call_resolution', timezone(zone.name, started_at)::date as local_day, count(*) filter (not is_followed), count(*)
from call_issues, zone
where counts_for_resolution
group by local_day;
comment on macro table measures_of_calls is 'The part of measure_days that is known from calls alone: measure, day, numerator, n.';

-- call_measure_days: the same as a view, which the dashboard keeps in memory.
create or replace view call_measure_days as
select measure, day, numerator, n from measures_of_calls();

create or replace macro measure_days() as table
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
parts (measure, part, whole) as (
    values ('returned_share', 'returned', 'shipped'), ('internal_reject_share', 'internal_rejects', 'made'),
           ('supplier_reject_share', 'supplier_rejects', 'received')
)
select measure, day, numerator, n from call_measure_days
union all
select 'complaints_satisfied', timezone(zone.name, received_at)::date as local_day, count(*) filter (satisfied_after = 'yes'), count(*)
from complaints, zone
where satisfied_after in ('yes', 'no')
group by local_day
union all
select 'would_buy_again', timezone(zone.name, received_at)::date as local_day, count(*) filter (would_buy_again = 'yes'), count(*)
from complaints, zone
where would_buy_again in ('yes', 'no')
group by local_day
union all
select p.measure, f.day, coalesce(sum(f.value) filter (f.figure = p.part), 0), coalesce(sum(f.value) filter (f.figure = p.whole), 0)
from figures f
join parts p on f.figure in (p.part, p.whole)
group by p.measure, f.day
having bool_or(f.figure = p.part)
union all
select figure, day, value, 1 from figures;
comment on macro table measure_days is 'One row per measure and local day: measure, day, numerator, n. Add them up over days, then use measure_value. from measure_days()';

-- measures_by(grain): one row per measure x day, week or month.
create or replace macro measures_by(grain) as table
select d.measure, date_trunc(grain, d.day)::date as period_on, measure_value(any_value(m.how), sum(d.numerator), sum(d.n)) as value,
       sum(d.numerator) as numerator, sum(d.n) as n
from measure_days() d
join measures m on m.measure = d.measure
group by d.measure, period_on;
comment on macro table measures_by is 'Every measure that a goal can be set for, by day, week or month: measure, period_on (its first local day), value, numerator, n. from measures_by(''week'')';

-- goal_standings(): one row per measure: where it is now, and how its goal stands.
--   now     = the 28 days up to the newest with a value; before = the 28 days before these
--   met     = the target is reached now; too_little = a share of fewer than 10
--   on_track = not met, but if it goes on changing as from before to now, it is met by the due date; else behind
create or replace macro goal_standings() as table
with facts as (
    from measure_days()
),
reach as (
    select measure, max(day) as until_on from facts group by measure
),
summed as (
    select f.measure, r.until_on,
           sum(f.numerator) filter (f.day > r.until_on - 28) as numerator,
           sum(f.n) filter (f.day > r.until_on - 28) as n,
           sum(f.numerator) filter (f.day <= r.until_on - 28) as numerator_before,
           sum(f.n) filter (f.day <= r.until_on - 28) as n_before
    from facts f
    join reach r on r.measure = f.measure
    where f.day > r.until_on - 56
    group by f.measure, r.until_on
),
valued as (
    select m.measure, m.name, m.how, m.unit, m.is_figure, s.until_on, s.numerator, coalesce(s.n, 0) as n,
           measure_value(m.how, s.numerator, s.n) as value,
           measure_value(m.how, s.numerator_before, s.n_before) as value_before,
           coalesce(g.direction, m.direction, 'at_least') as direction, g.target, g.owner, g.due_on,
           coalesce(m.how = 'share' and s.n < 10, s.n is null) as is_small
    from measures m
    left join summed s on s.measure = m.measure
    left join goals g on g.measure = m.measure
),
expected as (
    select *,
           case when due_on > until_on
                then value + (value - value_before) * (due_on - until_on) / 28.0 end as expected_by_due,
           case when direction = 'at_most' then -1 else 1 end as sign
    from valued
)
select
    measure, name, how, unit, is_figure, until_on, value, numerator, n, is_small, value_before, direction, target, owner, due_on,
    expected_by_due,
    case when target is null then 'no_target'
         when value is null or is_small then 'too_little'
         when sign * value >= sign * target then 'met'
         when sign * expected_by_due >= sign * target then 'on_track'
         else 'behind' end as status
from expected;
comment on macro table goal_standings is 'How every measure and its goal stand, over the 28 days up to the newest with a value: measure, value, n, target, status (no_target, too_little, met, on_track, behind). See the view goal_status.';

create or replace view goal_status as
select * from goal_standings() where target is not null;

create or replace view goal_months as
select * from measures_by('month');

create or replace view refused_figure_lines as
select f.name as source, r.line_no, r.reason, r.raw, f.written_at, f.written_by
from refused_figures r
join figure_files f on f.sha256 = r.sha256;

comment on view call_measure_days is 'One row per measure and local day, of the measures that are known from calls alone. Key: measure, day. With figures and complaints: measure_days().';
comment on column call_measure_days.measure is 'The measure; see measures.';
comment on column call_measure_days.day is 'The local day.';
comment on column call_measure_days.numerator is 'Calls, visits or criteria that kept it.';
comment on column call_measure_days.n is 'How many there were.';

comment on view figure_kinds is 'One row per operational figure that can be typed or loaded. Key: figure.';
comment on column figure_kinds.figure is 'The figure.';
comment on column figure_kinds.name is 'What it counts.';
comment on column figure_kinds.unit is 'As it is shown after the number; null: none.';
comment on column figure_kinds.adds_up is 'Whether periods are summed up (shipped), else averaged (orders that wait for stock).';
comment on column figure_kinds.is_own is 'Whether people here made it.';

comment on view measures is 'One row per thing that a goal can be set for. Key: measure. Values: measures_by, measure_days.';
comment on column measures.measure is 'The measure; for a figure, its id.';
comment on column measures.name is 'What it is called.';
comment on column measures.how is 'share or mean: numerator / n; sum: the numerator.';
comment on column measures.direction is 'at_least or at_most: which way is better, unless its goal says otherwise; null: the goal says.';
comment on column measures.unit is 'As it is shown after the number; shares are 0 to 1.';
comment on column measures.is_figure is 'Whether it is an operational figure, typed or loaded.';

comment on view goal_status is 'One row per goal with a target: where it is now and how it stands. Key: measure. Now: the 28 days up to the newest with a value.';
comment on column goal_status.measure is 'The measure; see measures.';
comment on column goal_status.name is 'What it is called.';
comment on column goal_status.how is 'share or mean: numerator / n; sum: the numerator.';
comment on column goal_status.unit is 'As it is shown after the number; shares are 0 to 1.';
comment on column goal_status.is_figure is 'Whether it is an operational figure, typed or loaded.';
comment on column goal_status.until_on is 'The newest local day with a value: the last of the 28 days that are now.';
comment on column goal_status.value is 'Its value now.';
comment on column goal_status.numerator is 'Sum over the days that are now.';
comment on column goal_status.n is 'How many it rests on: visits, criteria, calls, products, values.';
comment on column goal_status.is_small is 'Whether too few for a share: fewer than 10, or nothing.';
comment on column goal_status.value_before is 'Its value over the 28 days before.';
comment on column goal_status.direction is 'at_least or at_most: when it is met.';
comment on column goal_status.target is 'What is to be reached; shares are 0 to 1.';
comment on column goal_status.owner is 'Who sees to it.';
comment on column goal_status.due_on is 'Local date by which it is to be met.';
comment on column goal_status.expected_by_due is 'Its value on the due date if it goes on changing as from before to now; null without a due date ahead or a value before.';
comment on column goal_status.status is 'too_little (a share of fewer than 10, or nothing), met, on_track (will be met by the due date if it goes on so), behind.';

comment on view goal_months is 'One row per measure and local month. Key: measure, period_on. Other grains: measures_by(''week'').';
comment on column goal_months.measure is 'The measure; see measures.';
comment on column goal_months.period_on is 'First day of the month.';
comment on column goal_months.value is 'Its value in the month; shares are 0 to 1.';
comment on column goal_months.numerator is 'What the value is made of: calls that kept it, products returned…';
comment on column goal_months.n is 'How many it rests on.';

comment on view refused_figure_lines is 'One row per line of a file of figures that was refused.';
comment on column refused_figure_lines.source is 'Name of the file.';
comment on column refused_figure_lines.line_no is 'Line in it, from 1.';
comment on column refused_figure_lines.reason is 'Why it was refused.';
comment on column refused_figure_lines.raw is 'The line as it was read.';
comment on column refused_figure_lines.written_at is 'When the file was loaded (UTC).';
comment on column refused_figure_lines.written_by is 'Who loaded it.';

comment on table goals is 'One row per goal, as people set it. Key: measure. See goal_status.';
comment on column goals.measure is 'The measure; see measures.';
comment on column goals.direction is 'at_least or at_most.';
comment on column goals.target is 'In the unit of the measure; shares are 0 to 1; null: none.';
comment on column goals.owner is 'Who sees to it.';
comment on column goals.due_on is 'Local date by which it is to be met.';
comment on column goals.written_at is 'When it was last changed (UTC).';
comment on column goals.written_by is 'Who changed it.';

comment on table own_figures is 'One row per figure that people here made; see figure_kinds.';
comment on column own_figures.figure is 'See figure_kinds.figure.';
comment on column own_figures.name is 'See figure_kinds.name.';
comment on column own_figures.unit is 'See figure_kinds.unit.';
comment on column own_figures.adds_up is 'See figure_kinds.adds_up.';
comment on column own_figures.written_at is 'When it was last changed (UTC).';
comment on column own_figures.written_by is 'Who changed it.';

comment on table figures is 'One row per figure and day: typed, or loaded from CSV. Key: figure, day.';
comment on column figures.figure is 'The figure; see figure_kinds.';
comment on column figures.day is 'First local day of what it stands for: a day, a week or a month.';
comment on column figures.value is 'Its value.';
comment on column figures.source is 'Name of the file it was read from; typed where somebody typed it.';
comment on column figures.line_no is 'Line in that file, from 1.';
comment on column figures.written_at is 'When it was last changed (UTC).';
comment on column figures.written_by is 'Who changed it.';

comment on table figure_files is 'One row per file of figures. Key: sha256.';
comment on column figure_files.sha256 is 'SHA-256 of its bytes.';
comment on column figure_files.name is 'Its name.';
comment on column figure_files.lines is 'Lines below its header.';
comment on column figure_files.kept is 'Values read from it.';
comment on column figure_files.refused is 'Lines refused; see refused_figure_lines.';
comment on column figure_files.written_at is 'When it was loaded (UTC).';
comment on column figure_files.written_by is 'Who loaded it.';

comment on table refused_figures is 'Lines of files of figures that were refused; read refused_figure_lines instead. Key: sha256, line_no.';
comment on column refused_figures.sha256 is 'The file; see figure_files.';
comment on column refused_figures.line_no is 'See refused_figure_lines.line_no.';
comment on column refused_figures.reason is 'See refused_figure_lines.reason.';
comment on column refused_figures.raw is 'See refused_figure_lines.raw.';

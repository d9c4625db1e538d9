-- Recurring issues: what was found (found_issues, problem_statements) under what people decided (issue_decisions).

-- What money is reckoned with: as written in the dashboard, else these.
create or replace view issue_assumptions as
with defaults (name, value) as (
    values ('agent_hour', 30.0), ('customer_value', 200.0), ('issue_leaving_share', 0.05),
           ('compensation_share', 0.1), ('compensation_value', 20.0), ('redo_share', 0.1), ('redo_value', 30.0)
)
select d.name, coalesce(a.value, d.value)::double as value, a.value is not null as is_written, a.source
from defaults d
left join assumptions a on a.name = d.name;

comment on view issue_assumptions is 'What the cost of issues is reckoned with, one row per assumption: as a manager wrote it, else our default.';
comment on column issue_assumptions.name is 'agent_hour (cost of an hour of an agent), customer_value (what a customer brings over the years), issue_leaving_share (share of sufferers who leave, 0 to 1), compensation_share (share of sufferers who are compensated), compensation_value (what one is given), redo_share (share of sufferers for whom work is done again), redo_value (what doing it again costs).';
comment on column issue_assumptions.value is 'Its value: money in the call centre''s currency, or a share.';
comment on column issue_assumptions.is_written is 'Whether a manager wrote it.';
comment on column issue_assumptions.source is 'Where it comes from, as the manager says; null: not said.';

-- issue_heads: every issue with the one it was merged into in the end (itself where it was not).
create or replace view issue_heads as
with recursive known as (
    select issue_id from found_issues
    union
    select issue_id from issue_decisions where split_from is not null and statements is not null
),
steps as (
    select issue_id, issue_id as head_id, 0 as step from known
    union all
    select s.issue_id, k.issue_id, s.step + 1
    from steps s
    join issue_decisions d on d.issue_id = s.head_id
    join known k on k.issue_id = d.merged_into
    where s.step < 20
)
select issue_id, arg_max(head_id, step) as head_id
from steps
group by issue_id;

comment on view issue_heads is 'One row per issue, merged ones too, with the issue it is now part of.';
comment on column issue_heads.issue_id is 'The issue as it was found or split off.';
comment on column issue_heads.head_id is 'The issue it was merged into in the end; itself where it was not merged.';

-- issue_mentions: one row per call x group of similar statements, enquiries included.
create or replace view issue_mentions as
with split_off as (
    select issue_id, unnest(from_json(statements, '[["VARCHAR"]]')) as said
    from issue_decisions
    where statements is not null and split_from is not null
),
placed as (
    select s.call_id, s.turn_no, s.quote, s.likeness,
           coalesce(o.issue_id, k.issue_id, s.issue_id) as issue_id
    from problem_statements s
    left join split_off o on o.said[1] = s.call_id and o.said[2]::integer = s.turn_no
    left join issue_heads k on k.issue_id = s.split_id
    where s.issue_id is not null
)
select p.call_id, h.head_id as issue_id, p.turn_no, p.quote, p.likeness, r.troubled
from placed p
join issue_heads h on h.issue_id = p.issue_id
join statement_calls r on r.call_id = p.call_id
qualify row_number() over (partition by p.call_id, h.head_id order by p.turn_no) = 1;

comment on view issue_mentions is 'One row per call and group of similar statements, groups of plain enquiries included; issues are those of which three of five calls, and at least four, voice trouble.';
comment on column issue_mentions.call_id is 'The call.';
comment on column issue_mentions.issue_id is 'The group, after merging and splitting.';
comment on column issue_mentions.turn_no is 'The turn in which the customer first says it; see turns.';
comment on column issue_mentions.quote is 'What the customer says.';
comment on column issue_mentions.likeness is 'Mean cosine with what others say in the group, 0 to 1.';
comment on column issue_mentions.troubled is 'Whether the customer voices trouble in the call; null in a language without cues.';

-- call_issues: one row per call x issue.
create or replace view call_issues as
with span as (
    select to_days(coalesce(cast(any_value(value) filter (name = 'return_days') as integer), 7)) as span from settings
),
troubled as (
    select issue_id from issue_mentions
    group by issue_id
    having count(troubled) = 0 or (avg(troubled::integer) >= 0.6 and count(*) filter (troubled) >= 4)
    union
    select issue_id from issue_decisions where merged_into is null
    union
    select split_from from issue_decisions where split_from is not null
),
reach as (
    select max(started_at) as until_at from calls
),
facts as (
    select m.call_id, m.issue_id, m.quote, m.turn_no, m.likeness, c.started_at, c.queue, c.segment, c.customer_id, c.agent_id,
           coalesce(c.talk_s, case when c.visits = 0 then c.duration_s end)
               + coalesce(c.hold_s, 0) + coalesce(c.acw_s, 0) as handling_s,
           is_known_customer(c.customer_id) as is_known
    from issue_mentions m
    join troubled t on t.issue_id = m.issue_id
    join calls c on c.call_id = m.call_id
),
timed as (
    select *,
           lag(started_at) over again as previous_at,
           lead(started_at) over again as next_at
    from facts
    window again as (partition by issue_id, case when is_known then customer_id else call_id end order by started_at, call_id)
)
select
    call_id, issue_id, quote, turn_no, likeness, started_at, queue, segment, customer_id, agent_id, handling_s,
    coalesce(started_at <= previous_at + (select span from span), false) as is_repeat,
    coalesce(next_at <= started_at + (select span from span), false) as is_followed,
    is_known and started_at + (select span from span) <= (select until_at from reach) as counts_for_resolution,
    case when is_known then customer_id else 'call ' || call_id end as sufferer
from timed;

comment on view call_issues is 'One row per call and recurring issue: a call may have several, and one without an issue has none. Repeat contacts are of the same customer for the same issue within return_days (see settings).';
comment on column call_issues.call_id is 'The call.';
comment on column call_issues.issue_id is 'The issue, after merging and splitting; see issues.';
comment on column call_issues.quote is 'What the customer says is wrong, as transcribed.';
comment on column call_issues.turn_no is 'The turn in which they first say it; see turns.';
comment on column call_issues.likeness is 'Mean cosine with what others say of the issue, 0 to 1.';
comment on column call_issues.started_at is 'See calls.started_at.';
comment on column call_issues.queue is 'The first queue the call entered.';
comment on column call_issues.segment is 'Customer segment, where the source tells.';
comment on column call_issues.customer_id is 'The customer, as the source gives it.';
comment on column call_issues.agent_id is 'The agent who spoke last with the customer.';
comment on column call_issues.handling_s is 'Seconds of talk, hold and after-call work; for a recording without a queue log, its length.';
comment on column call_issues.is_repeat is 'Whether the same customer had called for the same issue within return_days before.';
comment on column call_issues.is_followed is 'Whether the same customer called for the same issue again within return_days.';
comment on column call_issues.counts_for_resolution is 'Whether first-call resolution can be told: the customer is known and return_days have passed.';
comment on column call_issues.sufferer is 'The customer, or the call itself where the customer is not known: count distinct to count who suffers.';

-- First-call resolution (proxy) = 1 - same customer, same issue again within return_days / calls that can be told.
create or replace macro first_call_resolution(followed, told) as 1 - followed / nullif(told, 0);
comment on macro first_call_resolution is '1 - calls followed by another of the same customer for the same issue within return_days / calls of which that can be told. Use on sums.';

-- issues: one row per recurring issue.
create or replace view issues as
with counted as (
    select issue_id, count(*) as calls, count(distinct sufferer) as sufferers, count(*) filter (is_repeat) as repeat_contacts,
           first_call_resolution(count(*) filter (is_followed and counts_for_resolution), count(*) filter (counts_for_resolution)) as first_call_resolution,
           min(started_at) as first_call_at, max(started_at) as last_call_at,
           arg_max({'quote': quote, 'call_id': call_id, 'turn_no': turn_no}, likeness) as typical
    from call_issues
    group by issue_id
),
merged as (
    select head_id, list(issue_id order by issue_id) as parts from issue_heads where issue_id <> head_id group by head_id
)
select
    n.issue_id,
    coalesce(d.name, f.machine_name, n.typical.quote) as name,
    f.machine_name, f.phrases,
    coalesce(f.quote, n.typical.quote) as quote,
    coalesce(f.quote_call_id, n.typical.call_id) as quote_call_id,
    coalesce(f.quote_turn_no, n.typical.turn_no) as quote_turn_no,
    f.language,
    d.actionable, d.owner, d.cause, d.planned_fix, d.fix_on, d.split_from, m.parts as merged,
    n.calls, n.sufferers, n.repeat_contacts, n.first_call_resolution, n.first_call_at, n.last_call_at
from counted n
left join found_issues f on f.issue_id = n.issue_id
left join issue_decisions d on d.issue_id = n.issue_id
left join merged m on m.head_id = n.issue_id;

comment on view issues is 'One row per recurring issue, with what people decided about it. Found in what customers say is wrong (earshot issues); groups of plain enquiries and vague statements are left out. Key: issue_id, which stays the same from week to week.';
comment on column issues.issue_id is 'The issue; it keeps its id when calls are added, and when it is renamed.';
comment on column issues.name is 'What it is called: as a manager named it, else in the words of its customers.';
comment on column issues.machine_name is 'What its customers say in a few words, as the machine found it; null for what people split off.';
comment on column issues.phrases is 'The phrases that its callers use and others do not, best first.';
comment on column issues.quote is 'A typical statement.';
comment on column issues.quote_call_id is 'The call of that statement.';
comment on column issues.quote_turn_no is 'The turn of that statement.';
comment on column issues.language is 'Language of the calls it was found in; the same issue in two languages is two until they are merged.';
comment on column issues.actionable is 'Whether a manager holds that something can be done about it; null: not decided.';
comment on column issues.owner is 'Who sees to it.';
comment on column issues.cause is 'What causes it, as people found out.';
comment on column issues.planned_fix is 'What will be done.';
comment on column issues.fix_on is 'Local date from which the fix holds; see issue_fixes for what it did.';
comment on column issues.split_from is 'The issue it was split off from.';
comment on column issues.merged is 'The issues that were merged into it.';
comment on column issues.calls is 'Calls with it, over all time.';
comment on column issues.sufferers is 'Customers who called about it, each once.';
comment on column issues.repeat_contacts is 'Calls of the same customer for it within return_days of an earlier one.';
comment on column issues.first_call_resolution is 'Proxy: 1 - calls followed by another of the same customer for the same issue within return_days / calls of which that can be told.';
comment on column issues.first_call_at is 'When the first call with it began (UTC).';
comment on column issues.last_call_at is 'When the newest call with it began (UTC).';

-- issue_call_costs: one row per call x issue in [from_at, to_at): what it costs, part by part. All but the time is estimated.
--   handling     = seconds of a first contact / 3600 x agent_hour     (a call without a known length counts the mean)
--   repeat       = the same of a repeat contact
--   redo         = redo_share x redo_value, compensation = compensation_share x compensation_value,
--   lost         = issue_leaving_share x customer_value: each once a sufferer, with their first call of the issue in that time
create or replace macro issue_call_costs(from_at, to_at, queues) as table
with assumed as (
    select any_value(value) filter (name = 'agent_hour') as agent_hour,
           any_value(value) filter (name = 'customer_value') as customer_value,
           any_value(value) filter (name = 'issue_leaving_share') as leaving_share,
           any_value(value) filter (name = 'compensation_share') as compensation_share,
           any_value(value) filter (name = 'compensation_value') as compensation_value,
           any_value(value) filter (name = 'redo_share') as redo_share,
           any_value(value) filter (name = 'redo_value') as redo_value
    from issue_assumptions
),
chosen as (
    from call_issues
    where started_at >= from_at and started_at < to_at and (queues is null or list_contains(queues::varchar[], queue))
),
usual as (
    select coalesce(avg(handling_s), 0) as handling_s from chosen
),
placed as (
    select c.* exclude (handling_s), coalesce(c.handling_s, u.handling_s) as handling_s,
           (row_number() over (partition by issue_id, sufferer order by started_at, call_id) = 1)::integer as is_first_of_sufferer
    from chosen c, usual u
)
select
    call_id, issue_id, started_at, queue, sufferer, is_repeat, is_followed, counts_for_resolution, handling_s,
    case when is_repeat then 0 else handling_s / 3600 * agent_hour end as handling_cost,
    case when is_repeat then handling_s / 3600 * agent_hour else 0 end as repeat_cost,
    is_first_of_sufferer * redo_share * redo_value as redo_cost,
    is_first_of_sufferer * compensation_share * compensation_value as compensation_cost,
    is_first_of_sufferer * leaving_share * customer_value as lost_cost,
    handling_s / 3600 * agent_hour + is_first_of_sufferer
        * (redo_share * redo_value + compensation_share * compensation_value + leaving_share * customer_value) as cost
from placed, assumed;
comment on macro table issue_call_costs is 'What each call with an issue costs, part by part (handling, repeat, redo, compensation, lost): one row per call and issue from from_at (included) to to_at (excluded), in these queues (null: all).';

-- issue_ledger: what each issue cost in [from_at, to_at) and where it ranks: frequency x cost of a call x actionability.
--   costs        = sums of issue_call_costs
--   rank_value   = cost x actionability: 1 yes, 0.5 not decided, 0 no
create or replace macro issue_ledger(from_at, to_at, queues) as table
with costed as (
    select issue_id, count(*) as calls, count(distinct sufferer) as sufferers, count(*) filter (is_repeat) as repeat_contacts,
           count(*) filter (is_followed and counts_for_resolution) as followed,
           count(*) filter (counts_for_resolution) as told, avg(handling_s) as mean_handling_s,
           sum(handling_cost) as handling_cost, sum(repeat_cost) as repeat_cost, sum(redo_cost) as redo_cost,
           sum(compensation_cost) as compensation_cost, sum(lost_cost) as lost_cost, sum(cost) as cost
    from issue_call_costs(from_at, to_at, queues)
    group by issue_id
)
select
    c.issue_id, i.name, c.calls, c.sufferers, c.repeat_contacts,
    first_call_resolution(c.followed, c.told) as first_call_resolution, c.mean_handling_s,
    c.handling_cost, c.repeat_cost, c.redo_cost, c.compensation_cost, c.lost_cost, c.cost,
    i.actionable, i.owner, i.cause, i.planned_fix, i.fix_on, i.quote, i.quote_call_id, i.quote_turn_no, i.language,
    c.cost * case when i.actionable then 1.0 when i.actionable is null then 0.5 else 0.0 end as rank_value
from costed c
join issues i on i.issue_id = c.issue_id;
comment on macro table issue_ledger is 'What each issue cost from from_at (included) to to_at (excluded), in these queues (null: all), and rank_value = frequency x cost of a call x actionability: select * from issue_ledger(''2026-02-01'', ''2026-03-01'', null) order by rank_value desc.';

-- poor_service_weeks: what poor service cost week by week, added up from issue_call_costs.
create or replace macro poor_service_weeks(from_at, to_at, queues) as table
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
)
select date_trunc('week', timezone((select name from zone), started_at))::date as week, count(distinct call_id) as calls,
       count(distinct sufferer) as sufferers, sum(handling_cost) as handling_cost, sum(repeat_cost) as repeat_cost,
       sum(redo_cost) as redo_cost, sum(compensation_cost) as compensation_cost, sum(lost_cost) as lost_cost, sum(cost) as cost
from issue_call_costs(from_at, to_at, queues)
group by week;
comment on macro table poor_service_weeks is 'What poor service cost by local week (its Monday), part by part as in issue_call_costs; a sufferer counts once, in the week of their first call: from poor_service_weeks(''2026-02-01'', ''2026-03-01'', null) order by week.';

-- P(at least x of n), each with probability q: the upper tail of the binomial, exact up to terms that add nothing.
create or replace macro binomial_tail(x, n, q) as
    least(1.0, list_sum([
        exp(lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1) + k * ln(q) + (n - k) * ln(1 - q))
        for k in range(x::bigint, least(n::bigint, x::bigint + 200 + (12 * sqrt(n))::bigint) + 1)]));
comment on macro binomial_tail is 'P(at least x of n), each with probability q.';

-- calls_read: one row per local day: what the growth of issues and the effect of fixes are measured against.
create or replace view calls_read as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
)
select timezone((select name from zone), make_timestamptz(quarter * 900000000))::date as day, sum(n)::bigint as n
from (  -- by quarter hours first, as in clock
    select epoch_ms(c.started_at) // 900000 as quarter, count(*) as n
    from statement_calls r
    join calls c on c.call_id = r.call_id
    where c.started_at is not null
    group by quarter
)
group by day;

comment on view calls_read is 'One row per local day: calls whose problem statements were read.';
comment on column calls_read.day is 'The local day.';
comment on column calls_read.n is 'Calls of that day whose problem statements were read.';

-- issue_weeks: one row per issue x local week. Whether it grows faster than chance: the exact test of two Poisson rates
-- (Przyborowski and Wilenski 1940), given the calls that were read: of the issue's calls in this week and the eight before,
-- are there more in this week than its share of all calls read? Before are the same weekdays as those that this week has
-- so far. Corrected for the number of issues tested in the week (Holm 1979).
create or replace view issue_weeks as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
days as (
    select issue_id, timezone((select name from zone), started_at)::date as day, count(*) as n
    from call_issues
    where started_at is not null
    group by issue_id, day
),
weeks as (
    select date_trunc('week', day)::date as week, max(isodow(day)) as last_weekday, sum(n) as read_calls from calls_read group by week
),
complete as (
    select week, case when week = (select max(week) from weeks) then last_weekday else 7 end as last_weekday, read_calls
    from weeks
),
read_before as (
    select w.week, sum(r.n) as n
    from complete w
    join calls_read r on r.day >= w.week - 56 and r.day < w.week and isodow(r.day) <= w.last_weekday
    group by w.week
),
counted as (
    select i.issue_id, w.week, w.read_calls, b.n as read_before,
           coalesce(sum(d.n) filter (d.day >= w.week), 0)::bigint as calls,
           coalesce(sum(d.n) filter (d.day < w.week and isodow(d.day) <= w.last_weekday), 0)::bigint as calls_before
    from (select distinct issue_id from days) i
    cross join complete w
    left join read_before b on b.week = w.week
    left join days d on d.issue_id = i.issue_id and d.day >= w.week - 56 and d.day < w.week + 7
    group by all
),
tested as (
    select *, calls_before * read_calls / nullif(read_before, 0) as expected,
           case when calls > 0 and read_before > 0
                then binomial_tail(calls, calls + calls_before, read_calls / (read_calls + read_before)) end as p
    from counted
),
corrected as (
    select *,
           (count(p) over (partition by week) - rank() over (partition by week order by p nulls last) + 1) * p as stepped
    from tested
)
select
    issue_id, week, calls::bigint as calls, read_calls::bigint as read_calls, calls / nullif(read_calls, 0) as share,
    calls_before::bigint as calls_before, expected, p,
    least(1.0, max(stepped) over (partition by week order by p nulls last)) as p_corrected,
    coalesce(calls >= 3 and least(1.0, max(stepped) over (partition by week order by p nulls last)) < 0.05, false) as is_emerging
from corrected;

comment on view issue_weeks is 'One row per issue and week (from Monday, in the call centre''s time zone): its calls among all calls read, and whether it grows faster than chance.';
comment on column issue_weeks.issue_id is 'The issue; see issues.';
comment on column issue_weeks.week is 'Monday of the week, a local date.';
comment on column issue_weeks.calls is 'Calls with the issue in the week.';
comment on column issue_weeks.read_calls is 'Calls with a transcript in the week: what could have had the issue.';
comment on column issue_weeks.share is 'calls / read_calls.';
comment on column issue_weeks.calls_before is 'Calls with the issue in the eight weeks before, on the weekdays that the week has so far.';
comment on column issue_weeks.expected is 'Calls to expect at the rate of the eight weeks before; null without any.';
comment on column issue_weeks.p is 'Probability of so many calls or more at the rate of the eight weeks before: exact test of two Poisson rates, as a binomial.';
comment on column issue_weeks.p_corrected is 'p corrected for the issues tested in the same week (Holm).';
comment on column issue_weeks.is_emerging is 'p_corrected below 0.05 and at least 3 calls: it grows faster than chance.';

-- issue_fixes: did it work? Whole weeks from the fix on, at most eight, against as many before it.
--   ratio = (calls after / calls read after) / (calls before / calls read before); its interval is that of the share of the
--   calls after among both (Wilson, 95 %), carried over.
create or replace view issue_fixes as
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
fixed as (
    select issue_id, fix_on, least(8, greatest(0, ((select max(day) from calls_read) + 1 - fix_on) // 7))::integer as weeks
    from issue_decisions
    where fix_on is not null and merged_into is null
),
exposed as (
    select f.issue_id, f.fix_on, f.weeks,
           coalesce(sum(r.n) filter (r.day < f.fix_on), 0) as read_before,
           coalesce(sum(r.n) filter (r.day >= f.fix_on), 0) as read_after
    from fixed f
    left join calls_read r on r.day >= f.fix_on - 7 * f.weeks and r.day < f.fix_on + 7 * f.weeks
    group by all
),
counted as (
    select e.*,
           count(*) filter (timezone((select name from zone), c.started_at)::date < e.fix_on) as calls_before,
           count(*) filter (timezone((select name from zone), c.started_at)::date >= e.fix_on) as calls_after
    from exposed e
    left join call_issues c on c.issue_id = e.issue_id
        and timezone((select name from zone), c.started_at)::date >= e.fix_on - 7 * e.weeks
        and timezone((select name from zone), c.started_at)::date < e.fix_on + 7 * e.weeks
    group by all
),
shared as (
    select *, read_before / nullif(read_after, 0) as exposure,
           wilson_low(calls_after, calls_before) as low_share, wilson_high(calls_after, calls_before) as high_share
    from counted
)
select
    issue_id, fix_on, weeks, calls_before::bigint as calls_before, read_before::bigint as read_before,
    calls_after::bigint as calls_after, read_after::bigint as read_after,
    calls_after / nullif(calls_before, 0) * exposure as ratio,
    low_share / (1 - low_share) * exposure as ratio_low,
    case when high_share < 1 then high_share / (1 - high_share) * exposure end as ratio_high,
    case when weeks < 1 or read_before = 0 or calls_before + calls_after = 0 then 'too_soon'
         when high_share < 1 and high_share / (1 - high_share) * exposure < 1 then 'less'
         when low_share / (1 - low_share) * exposure > 1 then 'more'
         else 'unclear' end as verdict
from shared;

comment on view issue_fixes is 'One row per issue with a fix date: its calls before and after, in as many whole weeks (at most eight) and per call read.';
comment on column issue_fixes.issue_id is 'The issue; see issues.';
comment on column issue_fixes.fix_on is 'Local date from which the fix holds.';
comment on column issue_fixes.weeks is 'Whole weeks since, at most eight: so many are compared on each side.';
comment on column issue_fixes.calls_before is 'Calls with the issue in these weeks before.';
comment on column issue_fixes.read_before is 'Calls with a transcript in these weeks before.';
comment on column issue_fixes.calls_after is 'Calls with the issue in these weeks after.';
comment on column issue_fixes.read_after is 'Calls with a transcript in these weeks after.';
comment on column issue_fixes.ratio is 'Rate after / rate before, per call read: 0.25 is a quarter of what it was.';
comment on column issue_fixes.ratio_low is 'Lower end of its 95 % interval (Wilson).';
comment on column issue_fixes.ratio_high is 'Upper end of its 95 % interval; null: no end.';
comment on column issue_fixes.verdict is 'less or more when the interval is wholly below or above 1, unclear when it is not, too_soon before a whole week has passed or without calls.';

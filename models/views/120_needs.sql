-- The needs: how often a criterion was met, with its interval; one definition each.

-- Share met = met / (met + not met). Calls without an occasion, and calls that need an ear, are in neither.
create or replace macro met_share(met, not_met) as met / nullif(met + not_met, 0);
comment on macro met_share is 'Share met: met / (met + not met); null without either. Use on sums. Calls without an occasion, and calls that need an ear, are in neither.';

-- Wilson interval at 95 % (z = 1.959964) of the share met, n = met + not met:
-- (met + z²/2 ± z·√(met·not_met/n + z²/4)) / (n + z²).
create or replace macro wilson_low(met, not_met) as
    case when met + not_met > 0 then greatest(0,
        (met + 1.92072944 - 1.959964 * sqrt(met * not_met / (met + not_met) + 0.96036472))
        / (met + not_met + 3.84145888)) end;
create or replace macro wilson_high(met, not_met) as
    case when met + not_met > 0 then least(1,
        (met + 1.92072944 + 1.959964 * sqrt(met * not_met / (met + not_met) + 0.96036472))
        / (met + not_met + 3.84145888)) end;
comment on macro wilson_low is 'Lower end of the 95 % interval (Wilson) of met / (met + not met). Use on sums.';
comment on macro wilson_high is 'Upper end of the 95 % interval (Wilson) of met / (met + not met). Use on sums.';

-- The band in which a wait lies, named by the seconds at which it begins: 0, 30, 60, 120 or 300.
create or replace macro wait_band(wait_s) as
    case when wait_s >= 300 then 300 when wait_s >= 120 then 120 when wait_s >= 60 then 60 when wait_s >= 30 then 30
         when wait_s >= 0 then 0 end;
comment on macro wait_band is 'The band in which a wait lies, named by the seconds at which it begins: 0, 30, 60, 120 or 300.';

-- Whether a name is the one asked for: '=Ann' is Ann alone, 'ann' every name that contains it in any letter case.
create or replace macro is_named(name, wanted) as
    case when starts_with(wanted::varchar, '=') then name = substr(wanted::varchar, 2)
         else contains(lower(name), lower(wanted::varchar)) end;
comment on macro is_named is 'Whether a name is the one asked for: ''=Ann'' is Ann alone, ''ann'' every name that contains it, in any letter case.';

-- need_facts: one row per call x criterion, with what shares are split by. Flags are 0 or 1, so that they add up.
create or replace view need_facts as
select
    r.call_id, r.criterion, c.started_at, c.queue, c.agent_id, c.wait_s, wait_band(c.wait_s) as wait_band,
    r.result, r.score,
    (r.result = 'met')::integer as met,
    (r.result = 'not_met')::integer as not_met,
    (r.result = 'not_applicable')::integer as not_applicable,
    (r.result = 'not_assessable')::integer as not_assessable
from criterion_results r
join calls c on c.call_id = r.call_id
where r.source = 'automatic';

comment on view need_facts is 'One row per call and criterion as judged automatically, with what shares are split by. Share met = sum(met) / (sum(met) + sum(not_met)): use the macros met_share, wilson_low and wilson_high on sums.';
comment on column need_facts.call_id is 'The call.';
comment on column need_facts.criterion is 'The criterion; see scorecard_criteria.';
comment on column need_facts.started_at is 'See calls.started_at.';
comment on column need_facts.queue is 'The first queue the call entered.';
comment on column need_facts.agent_id is 'The agent who spoke last with the customer.';
comment on column need_facts.wait_s is 'Seconds waited in queues before agents answered, over all visits.';
comment on column need_facts.wait_band is 'Band of the wait, named by the seconds at which it begins: 0, 30, 60, 120 or 300; null when no wait is known.';
comment on column need_facts.result is 'met, not_met, not_applicable (no occasion arose) or not_assessable (needs an ear).';
comment on column need_facts.score is 'See criterion_results.score.';
comment on column need_facts.met is '1 when it was met.';
comment on column need_facts.not_met is '1 when it was not met.';
comment on column need_facts.not_applicable is '1 when no occasion arose: never part of a share.';
comment on column need_facts.not_assessable is '1 when too little was understood: never part of a share.';

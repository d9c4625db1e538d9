-- Grain: one row per staged visit, with outcome and waiting time filled in and the reason why it is refused, if any.
-- outcome, where the line has none: answered with answered_at, abandoned when it left without an answer.
-- wait_s = answered_at − entered_at, else left_at (or ended_at) − entered_at; talk_s = ended_at − answered_at − hold_s.
create or replace temp table judged_visits as
with visits as (
    select * replace (lower(outcome) as outcome, lower(direction) as direction), coalesce(left_at, ended_at) as gone_at
    from staged_visits
),
told as (
    select *, case when outcome is not null then outcome when answered_at is not null then 'answered'
                   when gone_at is not null then 'abandoned' end as final_outcome
    from visits
)
select *,
    date_diff('microsecond', entered_at, coalesce(answered_at, gone_at)) / 1e6 as wait_s,
    if(ended_at >= answered_at, greatest(date_diff('microsecond', answered_at, ended_at) / 1e6 - coalesce(hold_s, 0), 0), null)
        as talk_s,
    case
        when call_id is null then 'The line has no call id.'
        when queue is null then 'The line has no queue.'
        when entered_at is null then 'The line has no time of entry.'
        when not entered_at between timestamptz '1970-01-01 00:00:00+00' and timestamptz '2100-01-01 00:00:00+00'
            then 'The time of entry is no time of a call.'
        when outcome not in ('answered', 'abandoned', 'timeout', 'key', 'empty', 'transferred', 'callback')
            then 'The outcome is none of answered, abandoned, timeout, key, empty, transferred, callback.'
        when direction not in ('inbound', 'outbound', 'internal', 'unknown')
            then 'The direction is none of inbound, outbound, internal, unknown.'
        when answered_at < entered_at then 'The waiting time is negative: it is answered before it enters the queue.'
        when left_at < entered_at then 'The waiting time is negative: it leaves the queue before it enters.'
        when ended_at < entered_at then 'The call ends before it enters the queue.'
        when ended_at < answered_at then 'The call ends before it is answered.'
        when ended_at < left_at then 'The call ends before it leaves the queue.'
        when answered_at is not null and outcome in ('abandoned', 'timeout', 'key', 'empty')
            then 'The call is answered and given up in one stay in the queue.'
        when hold_s < 0 then 'The hold time is negative.'
        when acw_s < 0 then 'The after-call work is negative.'
    end as reason
from told

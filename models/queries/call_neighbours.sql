-- The calls before and after one call among those that can be heard or read. Always one row.
-- Parameters: call_id, and started_us, when it began in microseconds since 1970 (null has no neighbours).
-- Calls that began in the same moment follow each other by id. Plain comparisons with a constant, so that the
-- database reads only where such calls can be: quick among millions.
with kept as not materialized (
    select started_at, call_id from calls where has_recording or has_transcript
),
before as (
    select max(started_at) as moment from kept where started_at < make_timestamptz($started_us::bigint)
),
after as (
    select min(started_at) as moment from kept where started_at > make_timestamptz($started_us::bigint)
),
same as (
    select call_id from kept where started_at = make_timestamptz($started_us::bigint)
)
select
    coalesce(
        (select max(call_id) from same where call_id < $call_id),
        (select max(call_id) from kept where started_at = (select moment from before))
    ) as previous_id,
    coalesce(
        (select min(call_id) from same where call_id > $call_id),
        (select min(call_id) from kept where started_at = (select moment from after))
    ) as next_id

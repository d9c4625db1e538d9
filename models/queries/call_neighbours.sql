-- The calls before and after one call among those that can be heard or read. Parameter: call_id. Always one row.
with one as (
    select started_at, call_id from calls where call_id = $call_id
),
candidates as (
    select started_at, call_id from calls where (has_recording or has_transcript) and started_at is not null
)
select
    (select call_id from candidates where (started_at, call_id) < (select (started_at, call_id) from one)
     order by started_at desc, call_id desc limit 1) as previous_id,
    (select call_id from candidates where (started_at, call_id) > (select (started_at, call_id) from one)
     order by started_at, call_id limit 1) as next_id

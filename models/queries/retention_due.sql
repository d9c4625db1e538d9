-- What is older than the rules in temp table limits (queue, kind, until) allow. A queue's own rule wins over that of all (*).
-- A call without a beginning is as old as what was loaded of it.
with dated as (
    select c.call_id, c.queue, coalesce(c.started_at, r.loaded_at, t.loaded_at) as started_at, c.customer_id
    from calls c
    left join (select call_id, min(loaded_at) as loaded_at from recordings group by call_id) r on r.call_id = c.call_id
    left join transcripts t on t.call_id = c.call_id
),
old as (
    select k.kind, d.*
    from dated d
    cross join (select distinct kind from limits) k
    left join limits own on own.queue = d.queue and own.kind = k.kind
    left join limits general on general.queue = '*' and general.kind = k.kind
    where d.started_at < coalesce(own.until, general.until)
)
select kind, call_id, old.queue, old.started_at, audio_path
from old join recordings using (call_id)
where kind = 'recordings' and recordings.audio_path is not null
union all
select kind, call_id, queue, started_at, null
from old
where kind = 'transcripts' and call_id in (select call_id from transcripts)
union all
select kind, call_id, queue, started_at, null
from old
where kind = 'customers' and customer_id is not null and customer_id not like 'expired-%' and customer_id not like 'erased-%'
order by started_at, kind, call_id

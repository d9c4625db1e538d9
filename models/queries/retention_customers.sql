-- Who the customers of the calls $ids were goes: the calls of one stay together under a token that leads to nobody.
create or replace temp table expired as
select customer_id, 'expired-' || left(md5(customer_id || uuid()::varchar), 10) as token
from (select distinct customer_id from calls where list_contains($ids, call_id) and customer_id is not null);
create or replace temp table expired_calls as
select call_id, customer_id, token from calls join expired using (customer_id) where list_contains($ids, call_id);
update queue_events set
    data1 = replace(data1, e.customer_id, e.token), data2 = replace(data2, e.customer_id, e.token),
    data3 = replace(data3, e.customer_id, e.token), data4 = replace(data4, e.customer_id, e.token),
    data5 = replace(data5, e.customer_id, e.token)
from expired_calls e where queue_events.call_id = e.call_id;
update recordings set path = replace(path, e.customer_id, e.token), customer_id = e.token
from expired_calls e where recordings.call_id = e.call_id;
update ingest_files set path = replace(path, e.customer_id, e.token)
from expired_calls e where kind = 'recording' and contains(path, e.customer_id) and length(e.customer_id) >= 6;
update transcripts set customer_id = e.token from expired_calls e where transcripts.call_id = e.call_id;
update queue_visits set customer_id = e.token, recording = replace(recording, e.customer_id, e.token)
from expired_calls e where queue_visits.call_id = e.call_id;
update calls set customer_id = e.token from expired_calls e where calls.call_id = e.call_id;
drop table expired_calls;
drop table expired;

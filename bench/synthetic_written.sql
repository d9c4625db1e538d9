-- complaints
select row_number() over (order by started_at, call_id) as complaint_id, 'complaint' as kind, 'call' as channel,
       case when complaint_id % 20 = 0 then 'open' when complaint_id % 50 = 1 then 'promised' else 'closed' end as status,
       customer_id, agent_id as received_by, strftime(started_at, '%Y-%m-%dT%H:%M:%S.%f+00:00') as received_at,
       'The bill was wrong twice, nobody called back.' as nature, printf('i-%03d', complaint_id % 60) as issue_id, call_id,
       case when complaint_id % 50 = 1 then strftime(started_at + interval 10 day, '%Y-%m-%d') end as promised_for,
       case when status = 'closed' then ['yes', 'no', 'unknown'][1 + complaint_id % 3] end as satisfied_after,
       case when complaint_id % 5 = 0 then 2e1 end as compensation_value,
       received_at as answered_at, case when status = 'closed' then received_at end as closed_at,
       received_at as written_at, 'synthetic' as written_by
from calls where hash(call_id) % 200 = 0;
-- changes
select strftime(started_at, '%Y-%m-%dT%H:%M:%S.%f+00:00') as changed_at, 'synthetic' as changed_by, 'complaints' as what,
       '{"complaint_id": ' || row_number() over (order by started_at, call_id) || '}' as item, null as before,
       '{"nature": "The bill was wrong twice, nobody called back.", "status": "open"}' as after
from calls where hash(call_id) % 200 = 0;
-- survey_files
select 'made up' as sha256, 'surveys.csv' as name, 1e0 as lowest, 5e0 as highest, count(*) as lines, count(*) as kept,
       0 as refused, '2026-03-02T08:00:00.000000+00:00' as written_at, 'synthetic' as written_by
from calls where hash(call_id) % 20 = 1;
-- survey_lines
select 'made up' as sha256, row_number() over (order by started_at, call_id) as line_no, call_id as survey_key, call_id,
       strftime(started_at + interval 1 day, '%Y-%m-%dT%H:%M:%S.%f+00:00') as sent_at,
       case when line_no % 3 = 0 then strftime(started_at + interval 2 day, '%Y-%m-%dT%H:%M:%S.%f+00:00') end as answered_at,
       case when line_no % 6 = 0 then 'I was charged twice for the same bill. Nobody called back, number ' || line_no || '.' end as open_answer,
       case when line_no % 3 = 0 then (1 + line_no % 5)::double end as rating
from calls where hash(call_id) % 20 = 1;
-- goals
select unnest(['service_level', 'criteria_met', 'first_call_resolution', 'complaints_satisfied']) as measure,
       'at_least' as direction, 8e-1 as target, 'Ann' as owner, '2026-12-31' as due_on,
       '2026-03-01T08:00:00.000000+00:00' as written_at, 'synthetic' as written_by;
-- figures
select figure, strftime(day, '%Y-%m-%d') as day, 1e3 as value, 'typed' as source, '2026-03-01T08:00:00.000000+00:00' as written_at,
       'synthetic' as written_by
from (values ('shipped'), ('returned'), ('orders'), ('late_deliveries')) f(figure),
     (select distinct started_at::date as day from calls);
-- callbacks
select 'lost' as reason, call_id, customer_id, ['reached', 'not_reached', 'refused'][1 + (hash(call_id, 1) % 3)::integer] as outcome,
       strftime(started_at + interval 1 day, '%Y-%m-%dT%H:%M:%S.%f+00:00') as written_at, 'synthetic' as written_by
from calls where outcome = 'abandoned' and hash(call_id) % 50 = 2

-- The complaints register. complaints is a table of app.sqlite; what follows from it is defined here.

comment on table complaints is 'The complaints register, one row per complaint or comment (kind); written in the dashboard, history in complaint_changes. Key: complaint_id.';
comment on column complaints.complaint_id is 'Number of the complaint.';
comment on column complaints.kind is 'complaint, or comment: feedback from the website or by e-mail that only wants an answer.';
comment on column complaints.channel is 'How it came: call, letter, email, website, chat, visit or other.';
comment on column complaints.status is 'open; promised: to be done by promised_for; resolved: said to be done, and the customer has not denied it, or a comment that was answered; closed: nothing more is to be done.';
comment on column complaints.customer_id is 'The customer as calls.customer_id has them; null: not known.';
comment on column complaints.customer_name is 'The customer''s name.';
comment on column complaints.customer_address is 'The customer''s address.';
comment on column complaints.customer_phone is 'The customer''s phone.';
comment on column complaints.received_by is 'The employee who received it.';
comment on column complaints.received_at is 'When it was made (UTC).';
comment on column complaints.resolved_at is 'When it was said to be resolved (UTC); null: not yet.';
comment on column complaints.nature is 'What it is about, in words.';
comment on column complaints.issue_id is 'The recurring issue it is about; see issues.';
comment on column complaints.call_id is 'The call it was made in; see calls.';
comment on column complaints.solution is 'The agreed solution.';
comment on column complaints.done_on_spot is 'Whether the solution was carried out on the spot; null: not known.';
comment on column complaints.promised_for is 'Local date by whose end the solution was promised; null: no promise.';
comment on column complaints.steps is 'The steps under way.';
comment on column complaints.follow_up_at is 'When to ask whether the customer is satisfied, or when they were asked (UTC).';
comment on column complaints.satisfied_after is 'What they said then: yes, no, or unknown (could not be told); null: not asked yet.';
comment on column complaints.would_buy_again is 'Whether they would buy again: yes, no or unknown; null: not asked yet.';
comment on column complaints.compensation_value is 'What was given is worth, in the call centre''s currency.';
comment on column complaints.compensation is 'What was given.';
comment on column complaints.prevention is 'Suggestion to prevent it.';
comment on column complaints.answered_at is 'When the customer got an answer (UTC); null: not yet.';
comment on column complaints.escalated_to is 'Whom it was passed up to; null: nobody.';
comment on column complaints.escalated_at is 'When it was passed up (UTC).';
comment on column complaints.closed_at is 'When it was closed (UTC).';
comment on column complaints.reference is 'Its number in another system.';
comment on column complaints.import_key is 'What a repeated import knows it by: its reference, else a hash of the line; null: written by hand.';
comment on column complaints.import_id is 'The import that brought it; see complaint_imports. Null: written by hand.';
comment on column complaints.written_at is 'When it was last changed (UTC).';
comment on column complaints.written_by is 'Who changed it last.';

comment on table complaint_imports is 'Files of complaints that were brought in, one row per import; in the dashboard.';
comment on column complaint_imports.import_id is 'Number of the import.';
comment on column complaint_imports.file_name is 'The file''s name.';
comment on column complaint_imports.sha256 is 'Hash of its bytes.';
comment on column complaint_imports.rows_added is 'Complaints it added.';
comment on column complaint_imports.rows_known is 'Lines that were in the register already.';
comment on column complaint_imports.rows_refused is 'Lines that could not be used; see refused_complaint_rows.';
comment on column complaint_imports.imported_at is 'When (UTC).';
comment on column complaint_imports.imported_by is 'Who.';

comment on table refused_complaint_rows is 'Lines of imported files that could not be used, as they were read, with the reason.';
comment on column refused_complaint_rows.refused_id is 'Number of the refused line.';
comment on column refused_complaint_rows.import_id is 'The import; see complaint_imports.';
comment on column refused_complaint_rows.line_no is 'Line in the file, from 1.';
comment on column refused_complaint_rows.reason is 'What is wrong: the column, and a sentence.';
comment on column refused_complaint_rows.raw is 'The line as it was read.';

-- complaint_changes: one row per change x field that it changed.
create or replace view complaint_changes as
with made as (
    select change_id, changed_at, changed_by, undoes, before, after,
           cast(json_extract_string(item, '$.complaint_id') as bigint) as complaint_id,
           change_id in (select undoes from changes where undoes is not null) as is_undone
    from changes
    where what = 'complaints'
),
named as (
    select *, unnest(json_keys(coalesce(after, before))) as field from made
),
valued as (
    select * exclude (before, after), json_extract_string(before, '$.' || field) as before,
           json_extract_string(after, '$.' || field) as after
    from named
)
select change_id, complaint_id, changed_at, changed_by, field, before, after, undoes, is_undone
from valued
where before is distinct from after;

comment on view complaint_changes is 'One row per change of a complaint and field that it changed, undone and undoing ones too: who, when, before and after. Key: change_id, field.';
comment on column complaint_changes.change_id is 'The change; see changes.';
comment on column complaint_changes.complaint_id is 'The complaint; one that was taken back is no longer in complaints.';
comment on column complaint_changes.changed_at is 'When (UTC).';
comment on column complaint_changes.changed_by is 'Who.';
comment on column complaint_changes.field is 'The column of complaints that changed.';
comment on column complaint_changes.before is 'What was there before, as text; null: nothing.';
comment on column complaint_changes.after is 'What was there then, as text; null: nothing.';
comment on column complaint_changes.undoes is 'The change that this one took back; null for changes of their own.';
comment on column complaint_changes.is_undone is 'Whether it was taken back.';

-- complaint_promises_at: every promise made to whoever complained, and what became of it by as_of.
-- Promises are: each date by which a solution was promised, also one that was later replaced; and, where no date was given,
-- that it was said to be done. A promise is broken
--   by date: the day passed, and it was neither resolved nor replaced by then; or
--   by call: the customer called about the same issue after it was said to be done, and before they said they were satisfied.
create or replace macro complaint_promises_at(as_of) as table
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
standing as (
    select change_id, changed_at, changed_by, cast(json_extract_string(item, '$.complaint_id') as bigint) as complaint_id,
           cast(json_extract_string(after, '$.promised_for') as date) as promised_for,
           case when before is null then cast(json_extract_string(after, '$.received_at') as timestamptz) end as received_at
    from changes
    where what = 'complaints' and undoes is null and change_id not in (select undoes from changes where undoes is not null)
),
changed as (
    select *, lag(promised_for) over (partition by complaint_id order by change_id) as previous from standing
),
dated as (
    select complaint_id, promised_for, coalesce(received_at, changed_at) as made_at, changed_by as made_by,
           lead(changed_at) over (partition by complaint_id order by change_id) as replaced_at,
           timezone((select name from zone), (promised_for + 1)::timestamp) as due_at
    from changed
    where promised_for is distinct from previous
),
said as (
    select complaint_id, promised_for, made_at, made_by, replaced_at, due_at from dated where promised_for is not null
    union all
    select complaint_id, null, resolved_at, written_by, null, null from complaints
    where promised_for is null and resolved_at is not null
),
again as (
    select c.complaint_id, min(i.started_at) as called_at, arg_min(i.call_id, i.started_at) as call_id
    from complaints c
    left join issue_heads h on h.issue_id = c.issue_id
    join call_issues i on i.customer_id = c.customer_id and i.issue_id = coalesce(h.head_id, c.issue_id)
        and i.started_at > c.resolved_at and i.call_id is distinct from c.call_id
    where is_known_customer(c.customer_id) and i.started_at < as_of
      and not (c.satisfied_after = 'yes' and coalesce(i.started_at > c.follow_up_at, false))
    group by c.complaint_id
),
judged as (
    select s.*, c.customer_id, c.issue_id, c.resolved_at, a.called_at, a.call_id,
           case when s.replaced_at < s.due_at then 'moved'
                when s.due_at <= as_of and coalesce(c.resolved_at >= s.due_at, true) then 'broken by date'
                when s.replaced_at is null and a.called_at is not null then 'broken by call'
                when c.resolved_at is not null then 'kept'
                when s.due_at <= as_of + interval 1 day then 'due today'
                else 'open' end as became
    from said s
    join complaints c on c.complaint_id = s.complaint_id
    left join again a on a.complaint_id = s.complaint_id
)
select
    complaint_id, promised_for, made_at, made_by, replaced_at, customer_id, issue_id, resolved_at,
    case when became like 'broken%' then 'broken' else became end as state,
    case became when 'broken by date' then 'date' when 'broken by call' then 'call' end as broken_by,
    case became when 'broken by date' then due_at when 'broken by call' then called_at end as broken_at,
    case became when 'broken by call' then call_id end as broken_call_id
from judged;
comment on macro table complaint_promises_at is 'complaint_promises as it was, or will be, at a moment: from complaint_promises_at(timestamptz ''2026-03-02 09:00+01'').';

create or replace view complaint_promises as from complaint_promises_at(now());

comment on view complaint_promises is 'One row per promise made to whoever complained, and what became of it by now: each date promised, and where no date was given, that it was said to be done.';
comment on column complaint_promises.complaint_id is 'The complaint.';
comment on column complaint_promises.promised_for is 'Local date by whose end it was promised; null: it was said to be done, without a date before.';
comment on column complaint_promises.made_at is 'When it was promised (UTC): when that was written down, and for what was there from the beginning, when the complaint was received.';
comment on column complaint_promises.made_by is 'Who wrote it down.';
comment on column complaint_promises.replaced_at is 'When another date took its place, or it was taken back (UTC).';
comment on column complaint_promises.customer_id is 'The customer; see complaints.';
comment on column complaint_promises.issue_id is 'The issue; see complaints.';
comment on column complaint_promises.resolved_at is 'When it was said to be resolved (UTC); see complaints.';
comment on column complaint_promises.state is 'open; due today; kept; moved: another date took its place in time; broken: see broken_by.';
comment on column complaint_promises.broken_by is 'date: the day passed, and it was neither resolved nor replaced by then. call: the same customer called about the same issue after it was said to be done, and before they said they were satisfied. Null unless broken.';
comment on column complaint_promises.broken_at is 'When it was broken: the end of the day, or the call (UTC).';
comment on column complaint_promises.broken_call_id is 'The call that shows it.';

-- complaint_states_at: what is to be done about each complaint at as_of. Days are local days.
create or replace macro complaint_states_at(as_of) as table
with zone as (
    select any_value(value) filter (name = 'time_zone') as name from settings
),
promised as (
    select complaint_id, arg_max(state, made_at) as promise_state,
           count(*) filter (state = 'broken') as broken_promises,
           arg_max(broken_by, broken_at) as broken_by, max(broken_at) as broken_at,
           arg_max(broken_call_id, broken_at) filter (broken_call_id is not null) as broken_call_id
    from complaint_promises_at(as_of)
    group by complaint_id
),
aged as (
    select c.*, c.status in ('open', 'promised') as is_open,
           date_diff('day', timezone((select name from zone), c.received_at)::date,
                     timezone((select name from zone), case when c.status in ('open', 'promised') then as_of
                                                            else coalesce(c.resolved_at, c.answered_at, c.closed_at) end)::date) as age_days
    from complaints c
)
select
    a.complaint_id, a.is_open, greatest(a.age_days, 0)::bigint as age_days,
    case when a.age_days <= 2 then '0-2' when a.age_days <= 7 then '3-7' when a.age_days <= 14 then '8-14'
         when a.age_days <= 30 then '15-30' else '31+' end as age_band,
    p.promise_state, coalesce(p.broken_promises, 0)::bigint as broken_promises, p.broken_by, p.broken_at, p.broken_call_id,
    coalesce(a.status = 'resolved' and a.satisfied_after is null and a.follow_up_at <= as_of, false) as is_follow_up_due,
    a.kind = 'comment' and a.answered_at is null and a.closed_at is null as is_unanswered
from aged a
left join promised p on p.complaint_id = a.complaint_id;
comment on macro table complaint_states_at is 'complaint_states as it was, or will be, at a moment: from complaint_states_at(timestamptz ''2026-03-02 09:00+01'').';

create or replace view complaint_states as from complaint_states_at(now());

comment on view complaint_states is 'One row per complaint: what is to be done about it by now. Key: complaint_id.';
comment on column complaint_states.complaint_id is 'The complaint.';
comment on column complaint_states.is_open is 'Whether its status is open or promised: it is not resolved, or the customer said after the resolution that they are not satisfied.';
comment on column complaint_states.age_days is 'Local days from the complaint until now, or until it was resolved (a comment: answered).';
comment on column complaint_states.age_band is 'age_days as 0-2, 3-7, 8-14, 15-30 or 31+.';
comment on column complaint_states.promise_state is 'State of the newest promise; null: nothing was promised. See complaint_promises.';
comment on column complaint_states.broken_promises is 'Promises that were broken.';
comment on column complaint_states.broken_by is 'What broke the newest broken promise: date or call.';
comment on column complaint_states.broken_at is 'When (UTC).';
comment on column complaint_states.broken_call_id is 'The newest call that shows a broken promise.';
comment on column complaint_states.is_follow_up_due is 'Whether it was resolved, the time to ask the customer has come, and they were not asked yet.';
comment on column complaint_states.is_unanswered is 'Whether it is a comment that nobody has answered, nor closed.';

-- Comments of what models/redaction keeps.

comment on table redactions is 'One row per call and kind of secret that was taken out of its transcript, and silenced in its listening copy, before anything was written. Key: call_id, kind.';
comment on column redactions.call_id is 'The call; see calls.call_id.';
comment on column redactions.kind is 'card_number, security_code, bank_account, national_id, password, email or phone; a mark like [card number] stands in the text.';
comment on column redactions.count is 'How many were taken out.';

comment on column recordings.consent is 'Whether the customer agreed to being recorded, as the sidecar says; null when it does not.';
comment on column transcripts.consent is 'Whether the customer agreed to being recorded, as the transcript file says; null when it does not.';
comment on column queue_visits.consent is 'Whether the customer agreed to being recorded, as the line or record says; null when it does not. A no takes words and sound of the call out.';

create or replace view calls_without_consent as
-- Recordings and transcripts that were not kept for want of consent, per local day on which they came.
-- Nothing but their number is known; a file that comes again counts once.
with refused as (
    select source as what, max(refused_at) as last_at from rejected_rows
    where reason like 'The customer did not agree to it%' group by source, raw
)
select cast(timezone((select value from settings where name = 'time_zone'), last_at) as date) as day, count(*) as calls
from refused
group by day
order by day;

comment on view calls_without_consent is 'One row per local day: recordings and transcripts that came without the customer''s consent. They are counted, nothing of them is kept.';
comment on column calls_without_consent.day is 'Local day on which they came.';
comment on column calls_without_consent.calls is 'How many.';

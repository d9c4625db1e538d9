-- Comments of what models/redaction keeps.

comment on table redactions is 'One row per call and kind of secret that was taken out of its transcript, and silenced in its listening copy, before anything was written. Key: call_id, kind.';
comment on column redactions.call_id is 'The call; see calls.call_id.';
comment on column redactions.kind is 'card_number, security_code, bank_account, national_id, password, email or phone; a mark like [card number] stands in the text.';
comment on column redactions.count is 'How many were taken out.';

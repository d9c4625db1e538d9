-- Whether the customer agreed to the recording, where the source tells. Without it see the setting require_consent.

alter table recordings add column consent boolean;
alter table transcripts add column consent boolean;

-- The service policy: what is in place, with who said so, when, and what shows it.
comment on table centre_texts is 'One row per text that the centre writes of itself. Key: name.';
comment on column centre_texts.name is 'vision; complaint_1 to complaint_5: the complaints it holds for the most frequent; expectation_1 to expectation_5: what its customers expect most.';
comment on column centre_texts.text is 'The words.';
comment on column centre_texts.written_at is 'When they were last changed (UTC).';
comment on column centre_texts.written_by is 'Who changed them.';

comment on table policy_items is 'Items of the policy''s check-list that people added or left out; the others are in data/service_policy.toml. Key: item.';
comment on column policy_items.item is 'The item.';
comment on column policy_items.text is 'The words; null for one of the file.';
comment on column policy_items.left_out is 'Whether it is left out here.';
comment on column policy_items.written_at is 'When it was last changed (UTC).';
comment on column policy_items.written_by is 'Who changed it.';

comment on table policy_ticks is 'One row per item of the policy''s check-list that somebody ticked or wrote evidence for. Key: item.';
comment on column policy_ticks.item is 'The item.';
comment on column policy_ticks.text is 'As it read then.';
comment on column policy_ticks.done is 'Whether it is in place.';
comment on column policy_ticks.evidence is 'What shows it.';
comment on column policy_ticks.written_at is 'When it was ticked, or last changed (UTC).';
comment on column policy_ticks.written_by is 'Who did.';

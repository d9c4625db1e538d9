-- Comments of the tables that earshot learn writes.

comment on table learned_models is 'One row per model that earshot learn trained for a criterion. Key: version.';
comment on column learned_models.version is 'Hash of its weights.';
comment on column learned_models.criterion is 'The criterion.';
comment on column learned_models.trained_at is 'When it was trained (UTC).';
comment on column learned_models.scorecard_version is 'The scorecard it reads from.';
comment on column learned_models.calls is 'Reviewed calls it was compared on.';
comment on column learned_models.alpha is 'Its agreement with people on calls held out from training (Krippendorff''s alpha).';
comment on column learned_models.alpha_low is 'Lower end of the 95 % interval of alpha.';
comment on column learned_models.alpha_high is 'Upper end of the 95 % interval of alpha.';
comment on column learned_models.scorecard_alpha is 'The scorecard''s agreement with people on the same calls.';
comment on column learned_models.better is 'Whether it was better than the scorecard in 95 % of bootstrap draws.';
comment on column learned_models.in_force is 'True for the model that judges its criterion now; none: the scorecard does.';

comment on table learned_calls is 'One row per model and call it was trained on. Key: version, call_id.';
comment on column learned_calls.version is 'The model.';
comment on column learned_calls.call_id is 'The call.';
comment on column learned_calls.held_out is 'met or not_met by a model that had not seen this call: what agreement is measured on.';

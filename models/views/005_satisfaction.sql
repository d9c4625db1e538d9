-- Comments of the table that models/satisfaction.py writes.

comment on table satisfaction is 'One row per call that prediction looked at. Key: call_id. A leaning from a model trained on written helpdesk dialogues, not a measurement: it says what to listen to.';
comment on column satisfaction.call_id is 'The call; see calls.call_id.';
comment on column satisfaction.predicted is 'Predicted satisfaction at the end of the call, -2 to 2; null when a party said too little, or not in English.';
comment on column satisfaction.version is 'Hash of the weights that made the prediction.';
comment on column satisfaction.transcript_loaded_at is 'When the transcript that was read had been loaded (UTC): a newer one needs a new prediction.';
comment on column calls.predicted_satisfaction is 'Predicted satisfaction at the end of the call, -2 to 2; null until calls are judged, when a party said too little, or not in English. See satisfaction.';

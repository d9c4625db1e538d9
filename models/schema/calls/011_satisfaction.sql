-- Predicted satisfaction, made by models/satisfaction.py. Key: call_id. Null: the call can't be predicted.

create table satisfaction (
    call_id varchar not null, predicted double, version varchar not null, transcript_loaded_at timestamptz not null
);

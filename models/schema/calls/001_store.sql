-- The store as ingest writes it (calls.duckdb). Public tables carry a comment on every column, in dictionary order.
-- Big tables have no primary key on purpose: ingest merges on the keys named here and checks/*.sql proves them.

create table ingest_files (
    path varchar not null, kind varchar not null, sha256 varchar not null, size_bytes bigint not null,
    status varchar not null, reason varchar, rows_loaded bigint not null, rows_refused bigint not null,
    loaded_at timestamptz not null
);

create table rejected_rows (
    source varchar not null, line_no bigint not null, reason varchar not null, raw varchar not null,
    refused_at timestamptz not null
);

create table recordings (
    recording_id varchar not null, call_id varchar not null, link varchar not null, path varchar not null,
    audio_path varchar, size_bytes bigint not null, format varchar not null, sample_rate_hz integer not null,
    channels integer not null, layout varchar not null, agent_channel integer, agent_channel_source varchar not null,
    metadata_source varchar not null, given_call_id varchar, started_at timestamptz, queue varchar,
    agent_id varchar, customer_id varchar, direction varchar, language varchar,
    duration_s double not null, agent_talk_s double, customer_talk_s double, silence_s double not null,
    longest_silence_s double not null, overlap_s double, agent_interruptions integer,
    customer_interruptions integer, waveform utinyint[][], loaded_at timestamptz not null
);

create table transcripts (
    call_id varchar not null, origin varchar not null, recording_id varchar, file_path varchar,
    language varchar, language_probability double, model varchar, is_demonstration boolean not null,
    turn_count integer not null, word_count integer not null, mean_confidence double,
    started_at timestamptz, queue varchar, agent_id varchar, customer_id varchar, direction varchar,
    duration_s double, loaded_at timestamptz not null
);

create table turns (
    call_id varchar not null, turn_no integer not null, speaker varchar not null, start_s double, end_s double,
    text varchar not null, confidence double,
    words struct(word varchar, start_s float, end_s float, probability float)[]
);

create table queue_events (
    event_at timestamptz not null, call_id varchar not null, queue varchar not null, agent_id varchar not null,
    event varchar not null, data1 varchar, data2 varchar, data3 varchar, data4 varchar, data5 varchar,
    source varchar not null, line_no bigint not null
);

create table queue_visits (
    call_id varchar not null, queue varchar not null, entered_at timestamptz not null, wait_s double,
    outcome varchar, agent_id varchar, talk_s double, position_in integer, position_out integer,
    answered_at timestamptz, ended_at timestamptz, ring_s double, hold_s double, acw_s double,
    ended_by varchar, transferred_to varchar, customer_id varchar, direction varchar, segment varchar,
    language varchar, bridged_id varchar, recording varchar, format varchar not null, source varchar not null
);

create table calls (
    call_id varchar not null, started_at timestamptz, queue varchar, agent_id varchar, customer_id varchar,
    direction varchar, language varchar, duration_s double, wait_s double, outcome varchar, talk_s double,
    hold_s double, has_recording boolean not null, has_transcript boolean not null, predicted_satisfaction double,
    acw_s double, visits integer not null, segment varchar, answered_at timestamptz, ended_at timestamptz
);

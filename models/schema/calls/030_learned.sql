-- Models that learned from reviews (models/listening/learning.py); their weights lie in store/learned/<version>.npz.

create table learned_models (
    version varchar not null, criterion varchar not null, trained_at timestamptz not null, scorecard_version varchar not null,
    calls bigint not null, alpha double, alpha_low double, alpha_high double,
    scorecard_alpha double, better boolean not null, in_force boolean not null
);

create table learned_calls (
    version varchar not null, call_id varchar not null, held_out varchar not null
);

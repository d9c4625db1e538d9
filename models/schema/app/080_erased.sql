-- Whom people asked to erase, as keyed hashes like those in calls.duckdb: surveys and complaints of them are not loaded again.

create table erased (
    kind text not null,                  -- customer, call or recording
    hash text not null,
    erased_at timestamptz not null,
    primary key (kind, hash)
);

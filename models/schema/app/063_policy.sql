-- What the centre says of itself: its vision, its top five complaints and expectations, and the check-list of its policy.

create table centre_texts (
    name text primary key,               -- vision, complaint_1 … complaint_5, expectation_1 … expectation_5
    text text not null,
    written_at timestamptz not null,
    written_by text not null
);

create table policy_items (
    item text primary key,               -- own-1, own-2…, or one of data/service_policy.toml that is left out here
    text text,                           -- null for one of the file
    left_out boolean not null check (left_out in (0, 1)),
    written_at timestamptz not null,
    written_by text not null
);

create table policy_ticks (
    item text primary key,
    text text not null,                  -- as it read when it was ticked; those of the file in English
    done boolean not null check (done in (0, 1)),
    evidence text,                       -- what shows it: a document, a page, a date
    written_at timestamptz not null,
    written_by text not null
);

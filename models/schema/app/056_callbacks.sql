-- Customers to call back. A draw is made once per week and size and never changes; outcomes do, with history in `changes`.

create table callback_draws (
    week text not null,                  -- ISO week in the call centre's time zone, like 2026-W09
    size integer not null check (size > 0),              -- customers asked for
    seed integer not null,               -- with the same customers to draw from, the same seed draws the same list
    gap_weeks integer not null check (gap_weeks >= 0),   -- who was drawn in so many weeks before was left out
    frame_customers integer not null,    -- customers it was drawn from
    drawn_at timestamptz not null,
    drawn_by text not null,
    primary key (week, size)
);

create table callback_picks (
    week text not null,
    size integer not null,
    position integer not null,           -- from 1
    customer_id text not null,
    call_id text not null,               -- the call to ask about
    probability real not null check (probability > 0 and probability <= 1),
    primary key (week, size, position),
    unique (week, customer_id),
    foreign key (week, size) references callback_draws (week, size)
);

create table callbacks (
    reason text not null check (reason in ('random', 'lost')),
    call_id text not null,               -- the call to ask about, or the one that was lost
    customer_id text not null,
    outcome text not null check (outcome in ('reached', 'not_reached', 'refused')),
    satisfied text check (satisfied in ('yes', 'no', 'unknown')),
    note text,
    written_at timestamptz not null,
    written_by text not null,
    primary key (reason, call_id)
);
create index callbacks_of_customer on callbacks (customer_id);

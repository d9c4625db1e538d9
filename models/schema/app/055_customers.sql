-- What people know of customers beside their calls. One row per customer that anybody wrote anything about; history in `changes`.

create table customer_facts (
    customer_id text primary key,        -- as calls have it
    is_core boolean check (is_core in (0, 1)),             -- null: not decided
    lifetime_value real check (lifetime_value >= 0),
    kind text check (kind in ('professional', 'end_user')),
    place text check (place in ('outside', 'inside')),     -- outside or inside the company
    is_hard_on_staff boolean check (is_hard_on_staff in (0, 1)),
    do_not_call boolean not null default 0 check (do_not_call in (0, 1)),
    note text,
    written_at timestamptz not null,
    written_by text not null
);

-- The complaints register: nine groups of fields, one row per complaint or comment. History and undo in `changes`.

create table complaints (
    complaint_id integer primary key,
    kind text not null default 'complaint' check (kind in ('complaint', 'comment')),
    channel text not null check (channel in ('call', 'letter', 'email', 'website', 'chat', 'visit', 'other')),
    status text not null check (status in ('open', 'promised', 'resolved', 'closed')),   -- follows from the rest of the row
    customer_id text,                    -- as calls have it; null: not known
    customer_name text,
    customer_address text,
    customer_phone text,
    received_by text,                    -- the employee who received it
    received_at timestamptz not null,
    resolved_at timestamptz,             -- said to be done
    nature text not null,
    issue_id text,
    call_id text,                        -- the call it was made in
    solution text,                       -- the agreed solution
    done_on_spot boolean check (done_on_spot in (0, 1)),
    promised_for date,                   -- local date by whose end it is to be done
    steps text,                          -- steps under way
    follow_up_at timestamptz,            -- when to ask, or when it was asked
    satisfied_after text check (satisfied_after in ('yes', 'no', 'unknown')),        -- null: not asked yet
    would_buy_again text check (would_buy_again in ('yes', 'no', 'unknown')),
    compensation_value real check (compensation_value >= 0),
    compensation text,                   -- what was given
    prevention text,                     -- suggestion to prevent it
    answered_at timestamptz,             -- when the customer got an answer
    escalated_to text,
    escalated_at timestamptz,
    closed_at timestamptz,               -- nothing more is to be done
    reference text unique,               -- its number elsewhere
    import_key text unique,              -- what a repeated import knows it by; null: written by hand
    written_at timestamptz not null,
    written_by text not null,
    check (resolved_at >= received_at),
    check (answered_at >= received_at)
);
create index complaints_of_customer on complaints (customer_id);
create index complaints_of_call on complaints (call_id);

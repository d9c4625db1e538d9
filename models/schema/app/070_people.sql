-- Who may do what (people), and who did what (audit). Neither is published where every analyst reads: see models/audit.py.

create table people (
    person text primary key,             -- as they sign in, in lower case
    roles text not null,                 -- JSON list: supervisor, manager, analyst, agent, admin
    queues text,                         -- JSON list of the queues whose calls they may see; null: all
    agents text,                         -- JSON list of the agents whose calls they may see; null: all
    written_at timestamptz not null,
    written_by text not null,
    check (person = lower(trim(person)) and person <> '')
);

create table audit (
    audit_id integer primary key,
    at timestamptz not null,
    who text not null,
    what text not null,                  -- heard, opened, searched, exported, changed, refused
    call_id text,
    customer_id text,
    detail text                          -- which page or table; never the words that were sought or read
);
create index audit_of_call on audit (call_id);

-- Erasing a person may empty what names them; what was done and when stays as it was written.
create trigger audit_is_append_only before update of audit_id, at, what on audit begin
    select raise(abort, 'the audit log is append-only');
end;

-- Who was erased, as a keyed hash (models/privacy/erased.py): what comes again of them is refused. Never published.

create table erased (
    kind varchar not null, hash varchar not null, erased_at timestamptz not null
);

-- The history of one complaint among the changes of thousands, and what files brought.

create index changes_of_item on changes (what, item);

alter table complaints add column import_id integer;

create table complaint_imports (
    import_id integer primary key,
    file_name text not null,
    sha256 text not null,
    rows_added integer not null,
    rows_known integer not null,
    rows_refused integer not null,
    imported_at timestamptz not null,
    imported_by text not null
);

create table refused_complaint_rows (
    refused_id integer primary key,
    import_id integer not null references complaint_imports (import_id),
    line_no integer not null,
    reason text not null,
    raw text not null
);

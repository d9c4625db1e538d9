-- What became of hints from listeners: remarks of the kind issue, and closing notes. History in `changes`.

create table issue_hints (
    hint text primary key,               -- 'remark 12' by remark_id, or 'note 5' by the edit_id of its first wording
    call_id text,                        -- the call of the remark
    issue_id text,                       -- the issue that it is about; null: dismissed
    reason text,                         -- why it was dismissed
    written_at timestamptz not null,
    written_by text not null
);

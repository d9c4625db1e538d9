-- Whether the statements of a call were placed after they were read: a run that is stopped between leaves them for the next.

alter table statement_calls add column is_placed boolean default false;

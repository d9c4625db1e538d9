-- Every macro of the snapshot with a comment: how it is called, and what it gives.
select function_name || '(' || array_to_string(parameters, ', ') || ')' as call, function_type, comment
from duckdb_functions()
where database_name = current_database() and comment is not null and function_type in ('macro', 'table_macro')
order by function_type desc, function_name

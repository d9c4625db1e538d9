-- Every public column with its comment, in dictionary order.
select
    c.table_name, coalesce(t.comment, v.comment) as about, c.column_name, c.data_type, c.comment
from duckdb_columns() c
left join duckdb_tables() t on t.table_name = c.table_name and t.schema_name = c.schema_name and t.database_name = c.database_name
left join duckdb_views() v on v.view_name = c.table_name and v.schema_name = c.schema_name and v.database_name = c.database_name
where c.schema_name = 'main' and not c.internal and c.database_name = current_database()
order by c.table_name, c.column_index

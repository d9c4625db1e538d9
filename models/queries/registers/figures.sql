-- Every value that was typed or loaded, the newest first.
select figure, day, value, source, line_no, written_at, written_by from figures order by day desc, figure

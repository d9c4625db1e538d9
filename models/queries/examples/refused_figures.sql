-- Lines of files of figures that were refused, with the reason
select source, line_no, reason, raw, written_by
from refused_figure_lines
order by written_at desc, line_no
limit 100;

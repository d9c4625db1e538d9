-- Lines of files of figures that were refused, the newest file first.
select source, line_no, reason, raw, written_at, written_by from refused_figure_lines order by written_at desc, line_no limit $most

-- Refused lines of files of surveys, newest file first. Parameters: most.
select source, line_no, reason, raw, count(*) over () as lines from refused_survey_lines order by refused_at desc, source, line_no limit $most

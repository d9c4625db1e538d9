-- Whether transcripts were read for issues, and what came of it.
select (select count(*) from transcripts) as transcripts, (select count(*) from statement_calls) as read_calls,
       (select count(*) from problem_statements where issue_id is null) as gathering

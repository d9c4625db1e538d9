-- How many calls have been judged, and how many of them carry a prediction of satisfaction.
select
    (select count(*) from judged_calls) as judged,
    (select count(*) from calls where predicted_satisfaction is not null) as predicted

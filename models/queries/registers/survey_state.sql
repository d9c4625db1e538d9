-- One row: what there is of surveys, and how ratings agree with predictions.
select (select count(*) from survey_files) as files, (select count(*) from surveys) as surveys,
       (select count(*) from surveys where asked_at is null) as undated, n, spearman, low, high
from survey_agreement

-- The mean total of the newest whole assessment of each respondent, and what it means.
select count(*) as respondents, avg(total) as total, assessment_band(round(avg(total), 9)) as band
from assessment_results
where is_newest

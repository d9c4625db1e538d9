-- Area means of the newest whole assessment of each respondent.
select a.area, a.respondent, a.mean
from assessment_areas a
join assessment_results r on r.assessment_id = a.assessment_id
where r.is_newest
order by a.respondent

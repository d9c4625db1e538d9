-- The self-assessment: total, band and area means of each respondent's newest whole assessment
select r.respondent, r.answered_at, round(r.total, 1) as total, r.band, a.area_name, round(a.mean, 2) as area_mean
from assessment_results r
join assessment_areas a on a.assessment_id = r.assessment_id
where r.is_newest
order by r.respondent, area_mean;

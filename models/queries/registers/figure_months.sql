-- Every figure by month.
select measure, period_on, value
from measures_by('month')
where measure in (select figure from figure_kinds)
order by period_on, measure

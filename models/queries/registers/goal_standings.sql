-- Where every measure is, and how its goal stands.
select s.*, coalesce(k.is_own, false) as is_own
from goal_standings() s
left join figure_kinds k on k.figure = s.measure
order by s.target is null, s.is_figure, s.measure

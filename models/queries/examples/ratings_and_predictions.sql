-- Which calls were predicted to end well, although the customer rated them badly?
select s.call_id, s.satisfaction as rated, s.predicted_satisfaction, s.open_answer
from surveys s
where s.satisfaction < 0.5 and s.predicted_satisfaction > 0
order by s.predicted_satisfaction desc

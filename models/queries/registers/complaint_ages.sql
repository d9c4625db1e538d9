-- Open complaints by age band and whether a promise was broken, the youngest first.
select age_band, count(*) filter (s.broken_promises = 0) as whole, count(*) filter (s.broken_promises > 0) as broken
from complaint_states_at($now) s
join complaints c on c.complaint_id = s.complaint_id
where s.is_open and c.kind = 'complaint'
group by age_band
order by min(s.age_days)

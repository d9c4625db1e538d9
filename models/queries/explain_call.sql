-- Why a call ($1) was judged as it was: one row per criterion and quote, in the scorecard's order; $2 language of names.
select r.criterion, coalesce(s.name, r.criterion) as name, r.result, r.score, r.confidence, r.reason, r.judge,
       e.turn_no, e.start_s, e.end_s, e.quote, e.points, e.why
from automatic_results r
left join scorecard_criteria s on s.version = r.scorecard_version and s.criterion = r.criterion and s.language = $2
left join automatic_evidence e on e.call_id = r.call_id and e.criterion = r.criterion
where r.call_id = $1
order by s.position, r.criterion, e.evidence_no

-- How one call was judged: one row per criterion and quote, in the scorecard's order, names in $language or English.
with texts as (
    select version, criterion, name, definition, position
    from scorecard_criteria
    qualify row_number() over (
        partition by version, criterion order by language = $language desc, language = 'en' desc) = 1
)
select
    r.criterion, coalesce(t.name, r.criterion) as name, t.definition, r.result, r.score, r.confidence, r.reason, r.judge,
    r.scorecard_version,
    e.evidence_no, e.turn_no, e.start_s, e.quote, e.points
from criterion_results r
left join texts t on t.version = r.scorecard_version and t.criterion = r.criterion
left join evidence e on e.call_id = r.call_id and e.criterion = r.criterion and e.source = r.source
where r.call_id = $call_id and r.source = 'automatic'
order by t.position nulls last, r.criterion, e.evidence_no

-- No quote, no score: met and not_met have a score and a quote that is in its turn; the others have neither.
select 'no quote' as what, r.call_id, r.criterion from automatic_results r
where r.result in ('met', 'not_met')
  and not exists (from automatic_evidence e where e.call_id = r.call_id and e.criterion = r.criterion)
union all
select 'score and result disagree', call_id, criterion from automatic_results
where (result in ('met', 'not_met')) <> (score is not null) or score not between 0 and 1
   or result not in ('met', 'not_met', 'not_applicable', 'not_assessable')
union all
select 'quote of nobody', e.call_id, e.criterion
from automatic_evidence e
join transcripts t on t.call_id = e.call_id
join judged_calls j on j.call_id = e.call_id and j.transcript_loaded_at = t.loaded_at
left join turns u on u.call_id = e.call_id and u.turn_no = e.turn_no
where u.text is null or not contains(u.text, e.quote)

-- The story shelf: exemplary moments with their clip and what it shows
select m.call_id, round(k.from_s) as from_s, round(k.to_s) as to_s, k.reason, m.text, m.reviewer
from remarks m
join story_clips k on k.remark_id = m.remark_id
where m.kind = 'story'
order by m.written_at desc
limit 200;

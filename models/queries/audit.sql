-- The audit log as admins read it (app.sqlite): what was heard, opened, sought, saved and refused, and from the histories of
-- what people write, what they changed. Newest first; :who, :what, :call_id: those alone, null: all.
with log as (
    select at, who, what, call_id, customer_id, detail from audit
    union all
    select changed_at, changed_by, 'changed', case when json_valid(item) then item ->> 'call_id' end,
           case when json_valid(item) then item ->> 'customer_id' end, what || ' ' || item
    from changes
    union all
    select written_at, reviewer, 'changed', call_id, null, 'review ' || criterion from review_edits
    union all
    select written_at, reviewer, 'changed', call_id, null, 'remark ' || kind from remark_edits
)
select at, who, what, call_id, customer_id, detail
from log
where (:who is null or who = :who) and (:what is null or what = :what) and (:call_id is null or call_id = :call_id)
order by at desc
limit :most

-- Grain: one row per new or changed stay.
insert into queue_visits by name
select * from merged_visits order by entered_at

-- Grain: one row per stay made of kept records.
insert into queue_visits by name
select * exclude (last_line, reason) from made_visits where reason is null order by entered_at

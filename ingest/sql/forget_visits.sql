-- Stays of mended calls, before they are made again.
delete from queue_visits where format = 'asterisk' and call_id in (select call_id from mended_calls)

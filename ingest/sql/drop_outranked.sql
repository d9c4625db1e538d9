-- One stay from two sources is one stay: of touched calls, stays that a better source tells too are removed.
-- The same stay: same call, same queue, entries less than two seconds apart (sources round their times differently).
-- Precedence, whichever came first: csv (made on purpose, perhaps to correct), connect (whole records), freeswitch, asterisk.
-- A stay is told by one source alone; what the others say of it is not mixed in.
delete from queue_visits
where rowid in (
    select worse.rowid
    from queue_visits worse
    semi join touched_calls t on t.call_id = worse.call_id
    join queue_visits better
        on better.call_id = worse.call_id and better.queue = worse.queue
        and abs(epoch_us(better.entered_at) - epoch_us(worse.entered_at)) < 2000000
    where list_position(['csv', 'connect', 'freeswitch', 'asterisk'], better.format)
        < list_position(['csv', 'connect', 'freeswitch', 'asterisk'], worse.format)
)

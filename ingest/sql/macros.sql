-- What an Asterisk queue event means: one definition for lines being read and for events kept in the store.

-- 0 no part of a stay, 1 enters, 2 connected, 3 completed by the agent, 4 completed by the caller,
-- 5 blind transfer, 6 attended transfer, 7 abandoned, 8 timeout, 9 key, 10 empty
create or replace temp macro event_kind(call, event) as
    case when call in ('NONE', 'REALTIME') then 0
         else case event when 'ENTERQUEUE' then 1 when 'CONNECT' then 2 when 'COMPLETEAGENT' then 3
                         when 'COMPLETECALLER' then 4 when 'BLINDTRANSFER' then 5 when 'ATTENDEDTRANSFER' then 6
                         when 'TRANSFER' then 5 when 'ABANDON' then 7 when 'EXITWITHTIMEOUT' then 8
                         when 'EXITWITHKEY' then 9 when 'EXITEMPTY' then 10 else 0 end
    end::utinyint;

-- The field with the seconds waited, and the one with the seconds talked, as they are written.
create or replace temp macro wait_field(kind, data1, data3, data4) as
    case when kind in (2, 3, 4) then data1 when kind in (5, 6, 7, 8, 10) then data3 when kind = 9 then data4 end;
create or replace temp macro talk_field(kind, data2, data4) as
    case when kind in (3, 4) then data2 when kind in (5, 6) then data4 end;

-- A sort key: microseconds since 1970 times 8, plus a rank for events of one moment. An event that says the caller
-- has been in the queue for a second or more comes before an entry of the same moment: it ends an earlier stay.
create or replace temp macro event_key(event_at, kind, elapsed_s) as
    epoch_us(event_at) * 8
    + case when kind = 1 then 3 when elapsed_s >= 1 then least(kind, 3) - 1 else least(kind, 3) + 2 end;

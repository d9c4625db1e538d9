-- Rows of a made-up call centre: open Monday to Friday, 8:00 to 18:00, busiest on Monday morning.
-- u(i, k) is a number in [0, 1) that depends on nothing but i and k.
create or replace temp macro u(i, k) as (hash(i * 64 + k) % 1000003) / 1000003.0;

create or replace temp table made as
with placed as (
    select
        i,
        i * $weeks * 5 // $calls as day,                                      -- working day since the first
        ((i * $weeks * 5) % $calls) / $calls as part                          -- part of that day, 0 to 1
    from range($calls) r(i)
),
timed as (
    select
        i, day % 5 as weekday, 8 + 10 * part as hour,
        $monday::date - ($weeks * 7)::integer + (day // 5 * 7 + day % 5)::integer as local_day
    from placed
),
waited as (
    select
        *,
        case when u(i, 1) < 0.45 then 'support' when u(i, 1) < 0.75 then 'billing'
             when u(i, 1) < 0.92 then 'orders' else 'francais' end as queue,
        timezone($zone, local_day::timestamp + to_milliseconds((hour * 3600000)::bigint)) as entered_at,
        round(-ln(1 - u(i, 2)) * 9 * case
            when weekday = 0 and hour between 9 and 11 then 5
            when weekday = 4 and hour >= 16.5 then 3 else 1 end, 1) as would_wait_s,
        round(-ln(1 - u(i, 3)) * 150, 1) as patience_s,
        round(60 - ln(1 - u(i, 4)) * 200) as would_talk_s
    from timed
)
select
    i, queue, entered_at,
    case when $random_ids then md5(i::varchar) else printf('%d.%d', epoch(entered_at)::bigint, 1000 + i) end as call_id,
    least(would_wait_s, patience_s, 240) as wait_s,
    case when least(would_wait_s, patience_s) >= 240 then 'timeout'
         when patience_s < would_wait_s then 'abandoned'
         when u(i, 5) < 0.03 then 'transferred' else 'answered' end as outcome,
    printf('agent-%02d', 1 + (u(i, 6) * $agents)::integer % $agents) as made_agent,
    printf('+33 6 39 98 %02d %02d', (u(i, 7) * 99)::integer, (u(i, 8) * 99)::integer)
        || case when $customers > 10000 then printf(' %d', (u(i, 11) * $customers / 10000)::integer) else '' end as customer_id,
    would_talk_s
from waited;

insert into queue_visits (call_id, queue, entered_at, wait_s, outcome, agent_id, talk_s, answered_at, ended_at,
                          acw_s, customer_id, direction, format, source)
select call_id, queue, entered_at, wait_s, outcome,
       case when outcome in ('answered', 'transferred') then made_agent end,
       case when outcome in ('answered', 'transferred') then would_talk_s end,
       case when outcome in ('answered', 'transferred') then entered_at + to_milliseconds((wait_s * 1000)::bigint) end,
       entered_at + to_milliseconds(((wait_s + would_talk_s) * 1000)::bigint),
       20, customer_id, 'inbound', 'csv', 'synthetic.csv'
from made order by i;

insert into calls (call_id, started_at, queue, agent_id, customer_id, direction, language, duration_s, wait_s, outcome,
                   talk_s, has_recording, has_transcript, acw_s, visits, answered_at, ended_at)
select m.call_id, m.entered_at, m.queue, v.agent_id, m.customer_id, 'inbound',
       case when m.queue = 'francais' then 'fr' else 'en' end,
       coalesce(v.talk_s, 0), m.wait_s, m.outcome, v.talk_s,
       v.agent_id is not null and m.i % 3 = 0, v.agent_id is not null, 20, 1, v.answered_at, v.ended_at
from made m join queue_visits v on v.call_id = m.call_id order by m.i;

insert into transcripts (call_id, origin, language, is_demonstration, turn_count, word_count, queue, agent_id, loaded_at)
select c.call_id, 'file', c.language, false, $turns, $turns * 10, c.queue, c.agent_id, c.ended_at
from calls c join made m on m.call_id = c.call_id where c.has_transcript order by m.i;

insert into turns (call_id, turn_no, speaker, start_s, end_s, text)
with said as (
    select list_value(
        'Good morning, thank you for calling, how can I help you today?',
        'I was charged twice for the same bill and I would like my money back.',
        'I am sorry about that, it must be annoying to pay twice.',
        'Could you give me the number on the letter, please?',
        'The parcel has still not arrived and nobody calls me back.',
        'Let me look that up for you, one moment please.',
        'I can send a new one today, or refund it, which would you prefer?',
        'The internet stops every evening at about eight o''clock.',
        'I have restarted the box three times already, as they told me.',
        'Bonjour, je vous appelle parce que ma facture a été prélevée deux fois.',
        'Je comprends, je vérifie tout de suite avec le service comptabilité.',
        'You will get a message as soon as the technician is on his way.',
        'No, that was all, thank you very much for your help.',
        'Is there anything else that I can do for you?') as lines
),
talked as (
    select c.call_id, m.i, unnest(range(1, $turns + 1)) as turn_no
    from calls c join made m on m.call_id = c.call_id
    where c.has_transcript
)
select call_id, turn_no, case when turn_no % 2 = 1 then 'agent' else 'customer' end,
       (turn_no - 1) * 6.0, turn_no * 6.0 - 0.5,
       lines[1 + (u(i * 100 + turn_no, 9) * 13)::integer] || ' ' ||
           case when u(i * 100 + turn_no, 10) < 0.0002 then 'My solicitor will write to you.' else printf('Reference %d.', i % 9973) end
from talked, said order by i, turn_no;

drop table made

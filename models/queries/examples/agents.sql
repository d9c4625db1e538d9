-- Calls, talk time and handling time of each agent
select
    agent_id,
    count(*) as answered,
    round(avg(talk_s)) as mean_talk_s,
    round(average_handling_time(sum(talk_s), sum(hold_s), sum(acw_s), count(*))) as handling_time_s
from queue_visits
where outcome in ('answered', 'transferred')
group by agent_id
order by answered desc
limit 100;

-- The measures, one definition each, as macros over counts and seconds: every view and page uses these.

-- Service level = answered within the threshold / (answered + abandons that count).
create or replace macro service_level(answered_in_target, answered, abandons_counted) as
    answered_in_target / nullif(answered + abandons_counted, 0);

-- Abandonment rate = (abandoned - short abandons) / (offered - short abandons).
create or replace macro abandon_rate(abandoned, short_abandoned, offered) as
    (abandoned - short_abandoned) / nullif(offered - short_abandoned, 0);

-- Average speed of answer, seconds = seconds that answered calls waited / answered.
create or replace macro average_speed_of_answer(answered_wait_s, answered) as
    answered_wait_s / nullif(answered, 0);

-- Average handling time, seconds = (talk + after-call work) / answered; hold is part of talk, the queue wait is not.
create or replace macro average_handling_time(talk_s, acw_s, answered) as
    (talk_s + coalesce(acw_s, 0)) / nullif(answered, 0);

-- The measures, one definition each, as macros over counts and seconds: every view and page uses these.

-- Service level = answered within the threshold / calls that count. Counted are answered calls, abandons other than
-- short ones where the target says that abandons count, and flow-outs where it says that they do.
create or replace macro service_level(answered_in_target, counted) as
    answered_in_target / nullif(counted, 0);
comment on macro service_level is 'Answered within the threshold / calls that count (answered, and the abandons and flow-outs that the target counts). Use on sums.';

-- The same under the four definitions that are common elsewhere, to compare figures of other systems.
create or replace macro service_level_of_offered(answered_in_target, offered) as
    answered_in_target / nullif(offered, 0);
comment on macro service_level_of_offered is 'Answered within the threshold / offered: every call that was not answered counts against it.';

create or replace macro service_level_of_answered(answered_in_target, answered) as
    answered_in_target / nullif(answered, 0);
comment on macro service_level_of_answered is 'Answered within the threshold / answered: who hung up is left out.';

create or replace macro service_level_with_quick_abandons(answered_in_target, abandoned_in_target, offered) as
    (answered_in_target + abandoned_in_target) / nullif(offered, 0);
comment on macro service_level_with_quick_abandons is '(Answered + abandoned within the threshold) / offered: an abandon within the threshold counts as kept.';

create or replace macro service_level_less_quick_abandons(answered_in_target, abandoned_in_target, offered) as
    answered_in_target / nullif(offered - abandoned_in_target, 0);
comment on macro service_level_less_quick_abandons is 'Answered within the threshold / (offered - abandoned within the threshold).';

-- The goal over several targets is the one that keeping each target's own would give: weighted by the calls that count.
create or replace macro joint_goal(lowest_goal, highest_goal, goal_times_counted, counted) as
    case when lowest_goal = highest_goal then lowest_goal else goal_times_counted / nullif(counted, 0) end;
comment on macro joint_goal is 'The goal over several targets: each weighted by its calls that count.';

-- Abandonment rate = (abandoned - short abandons) / (offered - short abandons).
create or replace macro abandon_rate(abandoned, short_abandoned, offered) as
    (abandoned - short_abandoned) / nullif(offered - short_abandoned, 0);
comment on macro abandon_rate is '(Abandoned - short abandons) / (offered - short abandons). Use on sums.';

-- Average speed of answer, seconds = seconds that answered calls waited / answered.
create or replace macro average_speed_of_answer(answered_wait_s, answered) as
    answered_wait_s / nullif(answered, 0);
comment on macro average_speed_of_answer is 'Seconds that answered calls waited / answered. Use on sums.';

-- Average handling time, seconds = (talk + hold + after-call work) / answered; the queue wait is no part of it.
-- Where a source doesn't tell holds apart (Asterisk), they are in talk.
create or replace macro average_handling_time(talk_s, hold_s, acw_s, answered) as
    (talk_s + coalesce(hold_s, 0) + coalesce(acw_s, 0)) / nullif(answered, 0);
comment on macro average_handling_time is '(Talk + hold + after-call work) / answered; the queue wait is no part of it. Use on sums.';

-- A caller whose number is withheld can't be recognised again.
create or replace macro is_known_customer(customer_id) as
    customer_id is not null and lower(trim(customer_id)) not in
        ('', '0', 's', 'anonymous', 'unknown', 'unavailable', 'restricted', 'private', 'withheld', 'asterisk');
comment on macro is_known_customer is 'Whether a caller can be recognised again: false where the number is missing or withheld.';

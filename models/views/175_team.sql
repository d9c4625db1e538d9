-- The team's registers. The goodwill log is for learning what helps: it is part of no measure, score or ranking (tested).
comment on table goodwill is 'One row per thing that an agent gave at their discretion. Part of no score or ranking: whoever is counted by it stops giving. Key: goodwill_id.';
comment on column goodwill.goodwill_id is 'Its number.';
comment on column goodwill.agent is 'Who gave it.';
comment on column goodwill.given_on is 'Local day.';
comment on column goodwill.value is 'What it cost, in the call centre''s currency.';
comment on column goodwill.what is 'What was given.';
comment on column goodwill.why is 'Why.';
comment on column goodwill.customer_id is 'To whom, as calls have it.';
comment on column goodwill.call_id is 'In which call.';
comment on column goodwill.written_at is 'When it was last changed (UTC).';
comment on column goodwill.written_by is 'Who changed it.';

comment on table ideas is 'One row per employee and month: one idea to improve something, and what became of it. Key: idea_id.';
comment on column ideas.idea_id is 'Its number.';
comment on column ideas.employee is 'Whose idea it is.';
comment on column ideas.month is 'The month, like 2026-03.';
comment on column ideas.text is 'The idea.';
comment on column ideas.status is 'new, under_way, done or declined.';
comment on column ideas.answer is 'What the employee was answered.';
comment on column ideas.written_at is 'When it was last changed (UTC).';
comment on column ideas.written_by is 'Who changed it.';

comment on table recognitions is 'One row per thanks said to an employee. Key: recognition_id.';
comment on column recognitions.recognition_id is 'Its number.';
comment on column recognitions.employee is 'Who is thanked.';
comment on column recognitions.given_on is 'Local day.';
comment on column recognitions.text is 'For what.';
comment on column recognitions.call_id is 'The call that shows it.';
comment on column recognitions.written_at is 'When it was last changed (UTC).';
comment on column recognitions.written_by is 'Who changed it.';

comment on table coaching_reads is 'One row per coaching note that the agent has read. Key: remark_id.';
comment on column coaching_reads.remark_id is 'The note; see remarks.';
comment on column coaching_reads.answer is 'What the agent answered.';
comment on column coaching_reads.written_at is 'When (UTC).';
comment on column coaching_reads.written_by is 'Who said that they have read it.';

comment on table story_clips is 'One row per story of the shelf that was cut to a clip. Key: remark_id.';
comment on column story_clips.remark_id is 'The story; see remarks.';
comment on column story_clips.from_s is 'Where the clip begins, in seconds of the call.';
comment on column story_clips.to_s is 'Where it ends.';
comment on column story_clips.reason is 'What it shows.';
comment on column story_clips.written_at is 'When it was last changed (UTC).';
comment on column story_clips.written_by is 'Who changed it.';

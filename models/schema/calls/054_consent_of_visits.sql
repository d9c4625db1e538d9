-- Whether the customer agreed to being recorded, where a queue visit tells.

alter table queue_visits add column consent boolean;

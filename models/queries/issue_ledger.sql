-- The ledger of a half-open period and of these queues, what ranks highest first.
select * from issue_ledger($start, $end, $queues) order by rank_value desc, cost desc, issue_id

-- Why rows were refused, most frequent reason first.
select reason, count(*) as rows from rejected_rows group by reason order by rows desc, reason limit 20

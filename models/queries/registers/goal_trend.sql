-- One measure by week or month.
select period_on, value, numerator, n from measures_by($grain) where measure = $measure order by period_on

-- How many of the closed deals were won?
select
  dimension, name, currency, won, lost, closed, win_rate, closed < 10 as low_sample,
  won_amount, lost_amount, win_rate_by_amount, estimated_close_dates
from sales_rates
where closed > 0
order by dimension, name, currency nulls first

-- How long does it take to win a deal?
select dimension, name, currency, won, cycle_days, won < 10 as low_sample, impossible_cycles
from sales_rates
where won > 0
order by dimension, name, currency nulls first

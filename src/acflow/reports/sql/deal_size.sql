-- How large is a deal that is won?
select dimension, name, currency, won, won_amount, average_deal, median_deal, won < 10 as low_sample
from sales_rates
where won > 0 and not all_currencies
order by dimension, name, currency

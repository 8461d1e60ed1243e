-- How large is a deal that is won?
select dimension, name, currency, won, won_amount, average_deal, median_deal
from sales_rates
where won > 0
order by dimension, name, currency
